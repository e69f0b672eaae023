/** passt, which gives virtual machines the sockets of its host, takes ours for one of them. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { after, before, describe, test } from "node:test";
import { readPcapng } from "../../src/capture/pcapng/reader.ts";
import { finished, Namespace } from "../namespace.ts";
import { requireRoot, requireTool } from "../require.ts";
import { damagedFrames, summaries } from "../tshark.ts";
import { download, upload } from "./bulk.ts";
import { Netarium, temporaryFolder } from "./netarium.ts";

const MEBIBYTE = 2 ** 20;
const NEEDED = ["ip", "passt", "nc"] as const;

/** The guest has the address that passt's namespace has; what it sends to the gateway reaches the loopback there. */
const NETWORK = `
netarium: 1
devices:
  guest:
    kind: host
    address: 192.0.2.2/24
    gateway: 192.0.2.1
    programs:
      - chat-server
      - bulk-server
      - { run: echo-client, with: { server: "192.0.2.1:7007", texts: [over and, and back] }, at: 1s }
cables:
  - { between: [guest, passt] }
doors:
  passt: { stream: "unix:passt.sock" }
`;

/** An echo server on the loopback of passt's namespace. */
const ECHO = `
  const server = require("node:net").createServer((socket) => socket.pipe(socket).on("error", () => {}));
  server.listen(7007, "127.0.0.1", () => console.log("listening"));
`;

describe("passt", { timeout: 300_000 }, () => {
  const folder = temporaryFolder();
  const pcap = folder.path("passt.pcapng");
  let namespace: Namespace | undefined;
  let netarium: Netarium | undefined;
  const ns = (): Namespace => namespace as Namespace;

  before(async () => {
    const quiet = { skip: () => {} };
    if (!requireRoot(quiet) || !requireTool(quiet, ...NEEDED)) return;
    namespace = await Namespace.create();
    // It takes addresses from the interface of the default route, which need not lead anywhere.
    await ns().run("ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1");
    await ns().run("ip", "address", "add", "192.0.2.2/24", "dev", "d0");
    for (const name of ["d0", "d1"]) await ns().run("ip", "link", "set", name, "up");
    await ns().run("ip", "route", "add", "default", "via", "192.0.2.1");
    chmodSync(dirname(pcap), 0o777); // it changes to another user
    const socket = folder.path("passt.sock");
    const passt = ns().spawn("passt", "--foreground", "--stderr", "--ipv4-only", "-t", "5001,8888", "-s", socket);
    for (let said = ""; !said.includes("bound at"); ) said += (await once(passt.stderr, "data"))[0];
    const echo = ns().spawn(process.execPath, "--eval", ECHO);
    await once(echo.stdout, "data");
    netarium = new Netarium(folder.path("guest.yaml"), NETWORK, ["--pcap", pcap]);
  });

  after(async () => {
    await netarium?.stop();
    await namespace?.close();
    folder.remove();
  });

  test("takes our connections to its loopback", async (t) => {
    if (!requireRoot(t) || !requireTool(t, ...NEEDED)) return;
    await netarium?.says(/over and/);
    await netarium?.says(/and back/);
  });

  test("brings us its clients", async (t) => {
    if (!requireRoot(t) || !requireTool(t, ...NEEDED)) return;
    const nc = ns().spawn("nc", "-N", "127.0.0.1", "8888");
    const answer = finished(nc);
    nc.stdin.write("hello through passt\n");
    await once(nc.stdout, "data");
    nc.stdin.end("/quit\n");
    assert.match((await answer).out.toString(), /hello through passt\n/);
    for (const transfer of [upload, download]) {
      await transfer(ns().spawn("nc", "-N", "127.0.0.1", "5001"), 8 * MEBIBYTE);
    }
  });

  test("answers ARP, and the capture is sound", async (t) => {
    if (!requireRoot(t) || !requireTool(t, ...NEEDED, "tshark")) return;
    await netarium?.stop();
    const capture = readFileSync(pcap);
    assert.equal(readPcapng(capture).problem, undefined);
    assert.match((await summaries(capture, "arp.opcode == 2")).join("\n"), /192\.0\.2\.1 is at/);
    assert.deepEqual(await damagedFrames(capture), []);
  });
});
