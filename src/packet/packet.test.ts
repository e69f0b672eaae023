import assert from "node:assert/strict";
import test from "node:test";
import { HEADROOM } from "./packet.ts";
import { PacketPool, SMALL_PACKET } from "./packet-pool.ts";
import { PacketQueue } from "./packet-queue.ts";

test("headers are pushed in front and pulled off again", () => {
  const packet = new PacketPool().from(new Uint8Array([1, 2, 3]));
  packet.bytes.set([9, 8], packet.push(2));
  assert.deepEqual([...packet.data()], [9, 8, 1, 2, 3]);
  packet.pull(2);
  assert.deepEqual([...packet.data()], [1, 2, 3]);
  assert.throws(() => packet.pull(4), /length was checked/);
});

test("there is room for every header, and an assertion past it", () => {
  const packet = new PacketPool().allocate(100);
  packet.push(HEADROOM);
  assert.throws(() => packet.push(1), /headroom/);
});

test("a packet is used again after its release, clean and with a new id", () => {
  const pool = new PacketPool();
  const packet = pool.allocate(10);
  const { id } = packet;
  packet.corrupted = packet.fcsError = packet.group = true;
  packet.checksumAt = 5;
  assert.equal(pool.inUse, 1);
  packet.release();
  assert.equal(pool.inUse, 0);
  assert.throws(() => packet.release(), /released once/);
  const again = pool.allocate(10);
  assert.equal(again, packet);
  assert.notEqual(again.id, id);
  assert.deepEqual([again.corrupted, again.fcsError, again.group, again.checksumAt], [false, false, false, 0]);
});

test("a copy has its own bytes and names its original, whatever the sizes", () => {
  const pool = new PacketPool();
  for (const size of [60, SMALL_PACKET - HEADROOM, 9000, 65_535]) {
    const packet = pool.from(new Uint8Array(size).fill(7));
    packet.checksumAt = packet.start + 16;
    const copy = packet.copy();
    packet.bytes.fill(0, packet.start, packet.end);
    assert.ok(copy.data().every((byte) => byte === 7) && copy.length === size);
    assert.equal(copy.original, packet.id);
    assert.equal(copy.copy().original, packet.id, "a copy of a copy names the first");
    assert.equal(copy.checksumAt - copy.start, 16);
  }
  const pulled = pool.from(new Uint8Array(9000));
  pulled.pull(8980);
  assert.equal(pulled.copy().length, 20, "a small rest of a large packet fits a small one");
});

test("a queue gives packets back in order and keeps count", () => {
  const pool = new PacketPool();
  const queue = new PacketQueue();
  const packets = [1, 2, 3].map((size) => pool.allocate(size));
  for (const packet of packets) {
    packet.end += 10;
    queue.push(packet);
  }
  assert.deepEqual([queue.count, queue.bytes], [3, 30]);
  assert.deepEqual([queue.shift(), queue.shift(), queue.shift(), queue.shift()], [...packets, null]);
  assert.deepEqual([queue.count, queue.bytes], [0, 0]);
  queue.push(packets[0] as (typeof packets)[0]);
  assert.equal(queue.head, packets[0]);
});
