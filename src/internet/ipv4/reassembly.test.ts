import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Bench, drops } from "../../../test/fixtures/link.ts";
import { ip } from "../../address/ip.ts";
import type { Packet } from "../../packet/packet.ts";
import {
  checkIpv4Header,
  IPV4_MORE_FRAGMENTS,
  isIpv4Fragment,
  readIpv4Destination,
  readIpv4Source,
  writeIpv4Header,
} from "../../wire/ipv4.ts";
import { fragment } from "./fragment.ts";
import { Reassembly, type ReassemblySettings } from "./reassembly.ts";

const A = ip("10.0.0.1");
const B = ip("10.0.0.2");

interface Piece {
  readonly offset?: number;
  readonly length?: number;
  readonly more?: boolean;
  readonly id?: number;
  readonly trafficClass?: number;
  readonly protocol?: number;
}

function bench(settings: Partial<ReassemblySettings> = {}) {
  const { scheduler, pool, nic: make } = bindBench();
  const nic = make("pc1");
  const timedOut: number[] = [];
  const reassembly = new Reassembly({
    name: "pc1",
    scheduler,
    pool,
    settings,
    timedOut: (first) => timedOut.push(first.view.getUint16(first.start + 4)),
  });
  /** Puts in a fragment whose payload bytes are their own offsets. @returns the whole payload when it is complete */
  const add = ({ offset = 0, length = 8, more = true, id = 1, trafficClass = 0, protocol = 17 }: Piece) => {
    const packet = pool.allocate(20 + length);
    packet.end += 20 + length;
    const word = (more ? IPV4_MORE_FRAGMENTS : 0) | (offset / 8);
    writeIpv4Header(packet.view, packet.start, 20 + length, trafficClass, id, word, 64, protocol, A, B);
    for (let index = 0; index < length; index++) packet.bytes[packet.start + 20 + index] = offset + index;
    return take(addPacket(packet));
  };
  const addPacket = (packet: Packet): Packet | undefined => {
    packet.source = readIpv4Source(packet.view, packet.start);
    packet.destination = readIpv4Destination(packet.view, packet.start);
    return reassembly.add(packet, nic);
  };
  const take = (whole: Packet | undefined): number[] | undefined => {
    if (whole === undefined) return undefined;
    assert.equal(checkIpv4Header(whole.view, whole.start, whole.end), undefined);
    assert.ok(!isIpv4Fragment(whole.view, whole.start));
    const bytes = [...whole.data()];
    whole.release();
    return bytes;
  };
  return { scheduler, pool, nic, reassembly, timedOut, add, addPacket, take };
}

function bindBench() {
  const made = new Bench();
  return { scheduler: made.scheduler, pool: made.pool, nic: (name: string) => made.nic(name) };
}

const payload = (length: number) => Array.from({ length }, (_, index) => index & 255);

test("two halves make a whole, in either order", () => {
  const { add, pool, reassembly } = bench();
  assert.equal(add({ offset: 0, length: 16 }), undefined);
  assert.deepEqual(add({ offset: 16, length: 5, more: false })?.slice(20), payload(21));
  assert.equal(add({ offset: 16, length: 5, more: false, id: 2 }), undefined);
  assert.deepEqual(add({ offset: 0, length: 16, id: 2 })?.slice(20), payload(21));
  assert.equal(pool.inUse, 0);
  assert.deepEqual(reassembly.held, { datagrams: 0, bytes: 0 });
});

test("fragments of other datagrams are kept apart: by identification, by protocol", () => {
  const { add } = bench();
  add({ id: 1 });
  add({ id: 2 });
  add({ id: 1, protocol: 6 });
  assert.deepEqual(add({ id: 1, protocol: 6, offset: 8, more: false })?.slice(20), payload(16));
  assert.deepEqual(add({ id: 2, offset: 8, more: false })?.slice(20), payload(16));
  assert.deepEqual(add({ id: 1, offset: 8, more: false })?.slice(20), payload(16));
});

test("a fragment that came already, or lies within what came, is ignored", () => {
  const { add, nic } = bench();
  add({ offset: 0, length: 16 });
  add({ offset: 16, length: 16 });
  add({ offset: 0, length: 16 });
  add({ offset: 8, length: 16 });
  assert.deepEqual(drops(nic), { "ip-fragment-duplicate": 2 });
  assert.deepEqual(add({ offset: 32, length: 1, more: false })?.slice(20), payload(33));
});

test("one that overlaps kills the whole datagram, as on Linux", () => {
  for (const offset of [8, 24]) {
    const { add, nic, pool, reassembly } = bench();
    add({ offset: 0, length: 8 });
    add({ offset: 16, length: 16 });
    add({ offset, length: 16 });
    assert.deepEqual(drops(nic), { "ip-fragment-overlap": 3 });
    assert.equal(pool.inUse, 0);
    assert.equal(reassembly.held.datagrams, 0);
  }
});

test("ends that contradict each other kill it as well", () => {
  for (const bad of [
    { offset: 32, length: 8 },
    { offset: 16, length: 4, more: false },
    { offset: 24, length: 16, more: false },
  ]) {
    const { add, nic, pool } = bench();
    add({ offset: 16, length: 8, more: false });
    add(bad);
    assert.deepEqual(drops(nic), { "ip-fragment-malformed": 2 }, JSON.stringify(bad));
    assert.equal(pool.inUse, 0);
  }
});

test("an odd length in the middle, an empty one, and an end past 65,535 are malformed", () => {
  const { add, nic, pool } = bench();
  add({ length: 9 });
  add({ offset: 8, length: 0, more: false });
  add({ offset: 65_512, length: 24, more: false });
  assert.deepEqual(drops(nic), { "ip-fragment-malformed": 3 });
  assert.equal(pool.inUse, 0);
});

test("after 30 s it is given up, and the sender told when the first fragment is here (RFC 1122 §3.3.2)", () => {
  const { add, nic, scheduler, timedOut, pool } = bench();
  add({ id: 7, offset: 0 });
  add({ id: 8, offset: 8 });
  scheduler.runUntil(29.9e9 as never);
  assert.deepEqual(drops(nic), {});
  scheduler.runUntil(30e9 as never);
  assert.deepEqual(timedOut, [7]);
  assert.deepEqual(drops(nic), { "ip-reassembly-timeout": 2 });
  assert.equal(pool.inUse, 0);
  assert.equal(scheduler.runUntil(Number.POSITIVE_INFINITY as never), "idle");
});

test("when too many wait, or too much memory is kept, the oldest makes room", () => {
  const few = bench({ datagramLimit: 2 });
  for (const id of [1, 2, 3]) few.add({ id });
  assert.deepEqual(drops(few.nic), { "ip-reassembly-full": 1 });
  assert.equal(few.add({ id: 2, offset: 8, more: false })?.length, 36);
  const little = bench({ memoryLimit: 3 * 2048 });
  for (const offset of [0, 16, 32]) little.add({ id: 1, offset });
  assert.deepEqual(little.reassembly.held, { datagrams: 1, bytes: 6144 });
  little.add({ id: 2 });
  assert.deepEqual(drops(little.nic), { "ip-reassembly-full": 3 });
  assert.deepEqual(little.reassembly.held, { datagrams: 1, bytes: 2048 });
});

test("congestion met by one fragment is congestion of the whole (RFC 3168 §5.3)", () => {
  const { add, nic } = bench();
  add({ trafficClass: 2 });
  assert.equal((add({ offset: 8, more: false, trafficClass: 3 })?.[1] ?? 0) & 3, 3);
  add({ trafficClass: 0 });
  assert.equal(add({ offset: 8, more: false, trafficClass: 3 }), undefined, "not-ECT beside CE is nonsense");
  assert.deepEqual(drops(nic), { "ip-fragment-malformed": 2 });
});

test("cut anywhere, cut again, shuffled and doubled, a datagram comes out as it went in", () => {
  const mtus = fc.array(fc.integer({ min: 68, max: 1500 }), { minLength: 1, maxLength: 3 });
  const shuffle = fc.array(fc.nat(), { minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4000 }), mtus, shuffle, fc.nat(5), (length, links, keys, doubled) => {
      const { pool, addPacket, take } = bench();
      const packet = pool.allocate(20 + length);
      packet.end += 20 + length;
      writeIpv4Header(packet.view, packet.start, 20 + length, 0, 9, 0, 64, 17, A, B);
      for (let index = 0; index < length; index++) packet.bytes[packet.start + 20 + index] = index * 7;
      const sent = [...packet.data()];
      let pieces = [packet];
      for (const mtu of links) {
        pieces = pieces.flatMap((each) => {
          const cut: Packet[] = [];
          if (each.length <= mtu) return [each];
          fragment(pool, each, mtu, (part) => cut.push(part));
          return cut;
        });
      }
      if (pieces.length === 1) return;
      for (let extra = 0; extra < doubled; extra++) pieces.push((pieces[extra % pieces.length] as Packet).copy());
      const order = pieces.map((each, index) => ({ each, key: keys[index % 64] ?? 0 })).sort((a, b) => a.key - b.key);
      const wholes = order.flatMap(({ each }) => take(addPacket(each)) ?? []);
      assert.deepEqual(wholes.slice(0, sent.length), sent);
    }),
    { numRuns: 200 },
  );
});
