import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { ByteRing } from "./byte-ring.ts";
import { fold, sumPlainly } from "./checksum.ts";
import { giveSlab, takeSlab } from "./slab.ts";

test("any run of pushes, peeks and drops reads as a plain list would", () => {
  const step = fc.oneof(
    fc.uint8Array({ maxLength: 700 }).map((bytes) => ({ bytes, drop: 0 })),
    fc.nat(900).map((drop) => ({ bytes: new Uint8Array(0), drop })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ring = new ByteRing();
      let model: number[] = [];
      for (const { bytes, drop } of steps) {
        ring.push(bytes, 0, bytes.length);
        model.push(...bytes);
        const count = Math.min(drop, model.length);
        ring.drop(count);
        model = model.slice(count);
        const into = new Uint8Array(model.length);
        ring.peek(0, model.length, into, 0);
        assert.deepEqual([...into], model);
      }
    }),
  );
});

test("bytes placed ahead are there when the gap is filled, also across a growth", () => {
  const ring = new ByteRing();
  ring.push(Uint8Array.of(1, 2, 3), 0, 3);
  ring.drop(2);
  ring.place(3, Uint8Array.of(9, 8, 7, 6), 1, 3);
  ring.place(2000, Uint8Array.of(5), 0, 1);
  ring.push(Uint8Array.of(4, 5), 0, 2);
  ring.extend(2);
  const into = new Uint8Array(5);
  ring.peek(0, 5, into, 0);
  assert.deepEqual([...into], [3, 4, 5, 8, 7]);
});

test("an empty ring holds no memory, and nothing can be read past the end", () => {
  const ring = new ByteRing();
  assert.equal(ring.capacity, 0);
  ring.push(new Uint8Array(10), 0, 10);
  assert.throws(() => ring.drop(11), /taken/);
  assert.throws(() => ring.peek(5, 6, new Uint8Array(9), 0), /read/);
  assert.throws(() => ring.extend(1000), /placed/);
  ring.clear();
  assert.deepEqual([ring.capacity, ring.length], [0, 0]);
});

test("a peek that sums gives the bytes and their sum, in a ring of its own memory and in a slab, across the end too", () => {
  for (const capacity of [256, 128 * 1024]) {
    fc.assert(
      fc.property(fc.nat(capacity), fc.integer({ min: 1, max: 200 }), (head, count) => {
        const ring = new ByteRing();
        const data = Uint8Array.from({ length: capacity }, (_, index) => (index * 7 + head) & 0xff);
        ring.push(data, 0, capacity);
        ring.drop(Math.min(head, capacity - 1));
        ring.push(data, 0, Math.min(head, capacity - 1));
        assert.equal(ring.capacity, capacity);
        const slab = takeSlab(256);
        const plain = new Uint8Array(count);
        ring.peek(0, count, plain, 0);
        const sum = ring.peekAndSum(0, count, slab.bytes, slab.view, slab.start);
        assert.deepEqual(slab.bytes.slice(slab.start, slab.start + count), plain);
        assert.equal(fold(sum), sumPlainly(new DataView(plain.buffer), 0, count));
        giveSlab(slab);
        ring.clear();
      }),
      { numRuns: 30 },
    );
  }
});
