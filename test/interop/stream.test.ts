/** Two processes are one network: a stream of Ethernet frames joins their cables. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { readPcapng } from "../../src/capture/pcapng/reader.ts";
import { requireTool } from "../require.ts";
import { size } from "../size.ts";
import { damagedFrames, lossFindings } from "../tshark.ts";
import { Netarium, temporaryFolder } from "./netarium.ts";

const MEBIBYTE = 2 ** 20;
/** Of the transfers each way. */
const BULK = size(64 * MEBIBYTE, 1024 * MEBIBYTE);

/** A server behind a door that waits for the far end. Each process numbers MAC addresses from the same one, so it says its own. */
const serverSide = (stream: string): string => `
netarium: 1
devices:
  server: { kind: host, address: 10.0.0.1/24, mac: "02:00:00:01:00:01", programs: [chat-server, bulk-server, echo-server] }
cables:
  - { between: [server, far] }
doors:
  far: { stream: "${stream}", listen: true }
`;

/** Clients behind a door that goes there. */
const clientSide = (stream: string, bytes: number): string => `
netarium: 1
seed: 2
devices:
  switch: { kind: switch }
  a:
    kind: host
    address: 10.0.0.2/24
    programs:
      - { run: udp-echo-client, with: { server: "10.0.0.1:7", count: 3, size: 4000, every: 100ms }, at: 1s }
      - { run: chat-client, with: { server: "10.0.0.1:8888", name: Ann, say: [hello], every: 100ms }, at: 1s }
  b:
    kind: host
    address: 10.0.0.3/24
    programs:
      - { run: bulk-client, with: { server: "10.0.0.1:5001", bytes: ${bytes} }, at: 2s }
cables:
  - { between: [a, switch], delay: 1ms }
  - { between: [b, switch] }
  - { between: [switch, far] }
doors:
  far: { stream: "${stream}" }
`;

describe("a second process over a stream of frames", { timeout: 300_000 }, () => {
  const folder = temporaryFolder();
  const running: Netarium[] = [];
  const start = (name: string, network: string, ...args: string[]): Netarium => {
    const one = new Netarium(folder.path(`${name}.yaml`), network, args);
    running.push(one);
    return one;
  };

  after(async () => {
    for (const one of running) await one.stop();
    folder.remove();
  });

  test(`programs of the one reach those of the other, and ${BULK / MEBIBYTE} MiB pass intact each way`, async (t) => {
    const server = start("server", serverSide("unix:far.sock"));
    await server.says(/stream .*far\.sock/);
    const client = start("client", clientSide("unix:far.sock", BULK));
    await client.says(/Datagram 3 came back/);
    await client.says(/Ann: hello/);
    for (const direction of ["upload", "download"]) {
      t.diagnostic(await client.says(new RegExp(`${direction} of ${BULK} bytes in .*, each byte right`)));
    }
    assert.equal(await client.stop(), 0);
    assert.equal(await server.stop(), 0);
  });

  test("the captures of both sides are sound, over TCP too", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const pcaps = ["server2.pcapng", "client2.pcapng"].map((name) => folder.path(name)) as [string, string];
    const server = start("server2", serverSide("127.0.0.1:0"), "--pcap", pcaps[0]);
    const [, port] = /:(\d+)/.exec(await server.says(/stream 127\.0\.0\.1:\d+/)) ?? [];
    const client = start("client2", clientSide(`127.0.0.1:${port}`, MEBIBYTE), "--pcap", pcaps[1]);
    await client.says(/download of .* each byte right/);
    await client.stop();
    await server.stop();
    // What says that it fell behind the clock stood still meanwhile: then both ends rightly send again.
    const stood = [server, client].some(({ said }) => /fell behind the clock/.test(said));
    for (const pcap of pcaps) {
      const capture = readFileSync(pcap);
      assert.ok(readPcapng(capture).packets > 1500);
      assert.deepEqual(await damagedFrames(capture), []);
      if (stood) continue;
      // In real time a process that waits for its turn makes the other send again; nothing may be lost or out of order.
      const findings = await lossFindings(capture);
      const again = findings.filter((each) => /Retransmission\]/.test(each));
      assert.deepEqual(
        findings.filter((each) => !again.includes(each)),
        [],
      );
      assert.ok(again.length < 10, again.join("\n"));
    }
  });
});
