/** The Linux kernel and its everyday tools are hosts on the virtual Ethernet, through a tunnel. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { readPcapng } from "../../src/capture/pcapng/reader.ts";
import { finished, Namespace } from "../namespace.ts";
import { requireRoot, requireTool } from "../require.ts";
import { size } from "../size.ts";
import { damagedFrames } from "../tshark.ts";
import { download, upload } from "./bulk.ts";
import { Netarium, temporaryFolder } from "./netarium.ts";

const MEBIBYTE = 2 ** 20;
/** Seconds that a tool may wait for what comes at once, unless the machine stands still. */
const PATIENT = ["-w", "60"];
/** Of the transfers each way. */
const BULK = size(64 * MEBIBYTE, 1024 * MEBIBYTE);

/** The kernel is on a hub beside a PC; behind a router are the servers. */
const NETWORK = `
netarium: 1
devices:
  hub: { kind: hub }
  pc: { kind: host, address: 10.0.1.2/24, gateway: 10.0.1.1, programs: [echo-server] }
  router: { kind: router, interfaces: { eth0: 10.0.1.1/24, eth1: 10.0.2.1/24 } }
  switch: { kind: switch }
  server: { kind: host, address: 10.0.2.2/24, gateway: 10.0.2.1, programs: [chat-server, bulk-server, echo-server] }
cables:
  - { between: [kernel, hub] }
  - { between: [pc, hub] }
  - { between: [router.eth0, hub] }
  - { between: [router.eth1, switch] }
  - { between: [server, switch] }
doors:
  kernel: { tunnel: nt0 }
`;

describe("the Linux kernel through a tunnel", { timeout: 300_000 }, () => {
  const folder = temporaryFolder();
  let namespace: Namespace | undefined;
  let netarium: Netarium | undefined;
  const ns = (): Namespace => namespace as Namespace;
  const pcap = folder.path("kernel.pcapng");
  const record = folder.path("kernel.record");

  /** Starts a network and gives the kernel its address there. */
  async function start(...args: string[]): Promise<void> {
    netarium = new Netarium(folder.path("kernel.yaml"), NETWORK, ["--allow=tunnel", ...args], (...of) =>
      ns().spawn(...of),
    );
    await netarium.says(/tunnel nt0/);
    await ns().run("ip", "address", "add", "10.0.1.9/24", "dev", "nt0");
    await ns().run("ip", "link", "set", "nt0", "up");
    await ns().run("ip", "route", "add", "10.0.2.0/24", "via", "10.0.1.1");
  }

  before(async () => {
    if (!requireRoot({ skip: () => {} }) || !requireTool({ skip: () => {} }, "ip")) return;
    namespace = await Namespace.create();
    await start("--pcap", pcap, "--record", record);
  });

  after(async () => {
    await netarium?.stop();
    await namespace?.close();
    folder.remove();
  });

  test("ping reaches hosts on the link and behind the router, in fragments too", async (t) => {
    if (!requireRoot(t) || !requireTool(t, "ip", "ping")) return;
    for (const address of ["10.0.1.2", "10.0.1.1", "10.0.2.2"]) {
      assert.match(await ns().run("ping", "-c", "3", "-i", "0.1", "-W", "60", address), / 0% packet loss/);
    }
    assert.match(
      await ns().run("ping", "-c", "2", "-i", "0.1", "-W", "60", "-s", "20000", "10.0.2.2"),
      /20008 bytes from.* 0% /s,
    );
  });

  test("arping gets its answers", async (t) => {
    if (!requireRoot(t) || !requireTool(t, "ip", "arping")) return;
    assert.match(await ns().run("arping", ...PATIENT, "-c", "2", "-I", "nt0", "10.0.1.2"), /Received 2 response/);
    assert.match(await ns().run("arping", "-D", "-c", "1", "-w", "1", "-I", "nt0", "10.0.1.77"), /Received 0 response/);
  });

  test("traceroute finds the router and the host, by UDP, ICMP and TCP", async (t) => {
    if (!requireRoot(t) || !requireTool(t, "ip", "traceroute")) return;
    for (const method of [[], ["-I"], ["-T", "-p", "7"]]) {
      const out = await ns().run("traceroute", ...PATIENT, "-n", "-q", "1", ...method, "10.0.2.2");
      assert.match(out, /\n 1 +10\.0\.1\.1 .*\n 2 +10\.0\.2\.2 [^\n]*\n$/);
    }
  });

  test("nc chats, and is refused where nobody listens and told where nobody is", async (t) => {
    if (!requireRoot(t) || !requireTool(t, "ip", "nc")) return;
    const nc = ns().spawn("nc", "-N", "10.0.2.2", "8888");
    const answer = finished(nc);
    nc.stdin.write("hello from the kernel\n");
    await once(nc.stdout, "data");
    nc.stdin.end("/quit\n");
    assert.match((await answer).out.toString(), /^.*Welcome.*\n.*hello from the kernel\n/s);
    const refused = await finished(ns().spawn("nc", "-v", ...PATIENT, "10.0.2.2", "9"));
    assert.match(refused.err, /refused/);
    const absent = await finished(ns().spawn("nc", "-v", ...PATIENT, "10.0.2.77", "9"));
    assert.match(absent.err, /No route to host/);
  });

  test("datagrams come back, longer ones than a frame too", async (t) => {
    if (!requireRoot(t) || !requireTool(t, "ip", "nc")) return;
    for (const text of ["hello", "x".repeat(8000)]) {
      const nc = ns().spawn("nc", "-u", "10.0.2.2", "7");
      nc.stdin.write(text);
      let got = "";
      while (got.length < text.length) got += (await once(nc.stdout, "data"))[0];
      nc.kill();
      assert.equal(got, text);
    }
  });

  test("what was captured until Ctrl-C is whole, and tshark finds nothing wrong with it", async (t) => {
    if (!requireRoot(t) || !requireTool(t, "ip", "tshark")) return;
    assert.equal(await netarium?.stop(), 0);
    const capture = readFileSync(pcap);
    const { problem, packets } = readPcapng(capture);
    assert.equal(problem, undefined);
    assert.ok(packets > 200, `${packets} packets`);
    assert.deepEqual(await damagedFrames(capture), []);
  });

  test("a record of it replays to the same capture, without the kernel", async (t) => {
    if (!requireRoot(t) || !requireTool(t, "ip")) return;
    const again = folder.path("again.pcapng");
    const replay = new Netarium(folder.path("kernel.yaml"), NETWORK, [
      "--allow=tunnel",
      "--replay",
      record,
      "--pcap",
      again,
    ]);
    assert.equal(await replay.end(), 0, replay.said);
    assert.ok(readFileSync(again).equals(readFileSync(pcap)));
  });

  test(`${BULK / MEBIBYTE} MiB pass intact each way`, async (t) => {
    if (!requireRoot(t) || !requireTool(t, "ip", "nc")) return;
    await netarium?.stop();
    await start();
    for (const transfer of [upload, download]) {
      const began = performance.now();
      await transfer(ns().spawn("nc", "-N", "10.0.2.2", "5001"), BULK);
      t.diagnostic(`${transfer.name}: ${((BULK / MEBIBYTE / (performance.now() - began)) * 1000).toFixed(0)} MiB/s`);
    }
  });
});
