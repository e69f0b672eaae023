import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { ByteRing } from "./byte-ring.ts";

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
