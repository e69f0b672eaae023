import assert from "node:assert/strict";
import test from "node:test";
import { Bench, drops, lines } from "../../test/fixtures/link.ts";
import { BROADCAST_MAC, type MacAddress, ZERO_MAC } from "../address/mac.ts";
import type { Packet } from "../packet/packet.ts";
import { LOOPBACK_MTU } from "./nic.ts";
import type { Tap } from "./tap.ts";

const pair = () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b);
  return { bench, a, b, arrivals: bench.collect(b) };
};

test("a short frame is padded with zeros to 60 bytes, whatever its buffer held before", () => {
  const { bench, a, b } = pair();
  const old = bench.pool.allocate(200);
  old.bytes.fill(0xff, old.base, old.limit);
  old.release();
  let seen: Uint8Array = new Uint8Array();
  b.receiver = (packet) => {
    seen = packet.data().slice();
    packet.release();
  };
  const packet = bench.frame(a.mac, b.mac, 7, 18);
  assert.equal(packet, old);
  a.transmit(packet);
  bench.run();
  assert.equal(seen.length, 60);
  assert.deepEqual([...seen.subarray(18)], new Array(42).fill(0));
  assert.equal(a.counters.sentBytes, 60);
});

test("a Nic takes frames for itself and for groups; a promiscuous one takes all", () => {
  const { bench, a, b, arrivals } = pair();
  const other = 0x02ffffffffff as MacAddress;
  // Differs from b's address in one half only.
  const highHalf = (b.mac - 0x020000000000 + 0x020100000000) as MacAddress;
  const frames = () => {
    bench.send(a, b, 1);
    bench.send(a, BROADCAST_MAC, 2);
    bench.send(a, 0x01005e000001 as MacAddress, 3);
    bench.send(a, other, 4);
    bench.send(a, highHalf, 5);
    bench.run();
    return arrivals.splice(0).map(({ number }) => number);
  };
  const tap = lines();
  b.addTap(tap);
  assert.deepEqual(frames(), [1, 2, 3]);
  assert.deepEqual(drops(b), { "not-for-us": 2 });
  assert.equal(tap.seen.filter((line) => line === "0 b.eth0 in").length, 5, "taps see all that arrives");
  b.promiscuous = true;
  assert.deepEqual(frames(), [1, 2, 3, 4, 5]);
  assert.deepEqual([b.counters.receivedFrames, b.counters.receivedBytes], [8, 800]);
});

test("every way to die has its reason, a count and a line at the tap, and gives the packet back", () => {
  const { bench, a, b } = pair();
  const tap = lines();
  for (const nic of [a, b]) nic.addTap(tap);
  const lonely = bench.nic("lonely");
  lonely.addTap(tap);
  bench.send(lonely, a);
  bench.send(a, b, 0, 1515);
  bench.send(a, b, 0, 1514);
  b.receiver = undefined;
  bench.run();
  assert.deepEqual(tap.seen, [
    "0 lonely.eth0 drop no-carrier",
    "0 a.eth0 drop frame-too-long",
    "0 a.eth0 out",
    "0 b.eth0 in",
    "0 b.eth0 drop nic-down",
  ]);
  assert.deepEqual(a.snapshot().counters.drops, { "frame-too-long": 1 });
  assert.equal(bench.pool.inUse, 0);
});

test("a tap may take itself away while it is shown a frame, and the others still see it", () => {
  const { bench, a, b } = pair();
  const after = lines();
  let shown = 0;
  const once: Tap = {
    saw() {
      shown++;
      a.removeTap(once);
    },
  };
  a.addTap(once);
  a.addTap(after);
  bench.send(a, b);
  bench.send(a, b);
  assert.equal(shown, 1);
  assert.equal(after.seen.length, 2);
});

test("a loopback brings back what was sent, unpadded, at the same instant but not within the call", () => {
  const bench = new Bench();
  const lo = bench.nic("a", { name: "lo", medium: "loopback", mac: ZERO_MAC });
  const tap = lines();
  lo.addTap(tap);
  const arrivals = bench.collect(lo);
  assert.ok(lo.carrier && lo.hasRoom && !lo.isFull);
  assert.equal(lo.mtu, LOOPBACK_MTU);
  bench.send(lo, ZERO_MAC, 1, 34);
  bench.send(lo, ZERO_MAC, 2, 65_549);
  assert.deepEqual(arrivals, []);
  bench.run();
  assert.deepEqual(
    arrivals.map(({ at, number, length }) => [at, number, length]),
    [
      [0, 1, 34],
      [0, 2, 65_549],
    ],
  );
  assert.deepEqual(tap.seen, ["0 a.lo out", "0 a.lo out", "0 a.lo in", "0 a.lo in"]);
  assert.equal(bench.pool.inUse, 0);
});

test("a frame without a whole header is malformed", () => {
  const bench = new Bench();
  const lo = bench.nic("a", { medium: "loopback", mac: ZERO_MAC });
  const runt: Packet = bench.pool.from(new Uint8Array(13));
  lo.transmit(runt);
  bench.run();
  assert.deepEqual(drops(lo), { "frame-malformed": 1 });
});

test("a snapshot is plain data that does not change any more", () => {
  const { bench, a, b } = pair();
  const before = a.snapshot();
  bench.send(a, b);
  assert.deepEqual(before, {
    name: "eth0",
    mac: "02:00:00:00:00:01",
    mtu: 1500,
    medium: "broadcast",
    carrier: true,
    promiscuous: false,
    queued: { packets: 0, bytes: 0 },
    queueLimit: 1000,
    counters: { receivedFrames: 0, receivedBytes: 0, sentFrames: 0, sentBytes: 0, drops: {} },
  });
  assert.equal(a.snapshot().counters.sentFrames, 1);
  assert.deepEqual(JSON.parse(JSON.stringify(before)), before);
});
