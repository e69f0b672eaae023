/** What the internet layer puts on wires, in all its forms, is what Wireshark takes for sound. */
import assert from "node:assert/strict";
import test from "node:test";
import { ANY, ip } from "../../src/address/ip.ts";
import { CaptureTap } from "../../src/capture/pcapng/tap.ts";
import { Lab } from "../fixtures/hosts.ts";
import { requireTool } from "../require.ts";
import { damagedFrames, summaries } from "../tshark.ts";

/** Pings, fragments, errors, options, broadcasts and UDP of awkward sizes, over a router with a link of MTU 576. */
function traffic(): Uint8Array {
  const lab = new Lab();
  const { a, r, b } = lab.routed(576);
  const pieces: Uint8Array[] = [];
  const tap = new CaptureTap((bytes) => pieces.push(bytes.slice()), new Date(0));
  for (const host of [a, r, b]) for (const nic of host.nics) tap.add(nic);
  const headerOptions = Uint8Array.from([7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  for (const size of [0, 1, 17, 1472, 5000]) lab.ping(a, "10.0.2.1", new Uint8Array(size));
  lab.ping(a, "10.0.2.1", new Uint8Array(8), { headerOptions });
  lab.ping(a, "10.0.2.1", new Uint8Array(2000), { headerOptions });
  lab.ping(a, "10.0.2.1", new Uint8Array(1200), { dontFragment: true });
  lab.ping(a, "10.0.2.1", new Uint8Array(8), { hopLimit: 1 });
  lab.ping(a, "192.0.2.1");
  lab.ping(a, "127.0.0.1", new Uint8Array(65_507));
  lab.ping(a, "10.0.1.1");
  const socket = a.udp.open();
  socket.broadcast = true;
  b.udp.open().bind(ANY, 7);
  for (const [address, port, size] of [
    ["10.0.2.1", 7, 0],
    ["10.0.2.1", 7, 1],
    ["10.0.2.1", 9, 1000],
    ["10.0.2.1", 7, 65_507],
    ["10.0.1.255", 9, 40],
    ["255.255.255.255", 9, 40],
    ["224.0.0.1", 9, 4000],
    ["10.0.2.99", 9, 4],
  ] as const) {
    const outcome = socket.send(new Uint8Array(size), { address: ip(address), port });
    assert.equal(outcome, size);
    lab.run(5);
  }
  tap.close();
  return Uint8Array.from(Buffer.concat(pieces));
}

test("tshark finds nothing wrong with any of it", async (t) => {
  if (!requireTool(t, "tshark")) return;
  const capture = traffic();
  assert.deepEqual(await damagedFrames(capture), []);
  const seen = (await summaries(capture)).join("\n");
  for (const what of [
    /Who has 10\.0\.1\.254/,
    /ARP Announcement|Gratuitous/,
    /Echo \(ping\) reply/,
    /Fragmented IP protocol/,
    /Time-to-live exceeded/,
    /Destination unreachable \(Fragmentation needed\)/,
    /Destination unreachable \(Network unreachable\)/,
    /Destination unreachable \(Port unreachable\)/,
    /Destination unreachable \(Host unreachable\)/,
  ]) {
    assert.match(seen, what);
  }
});
