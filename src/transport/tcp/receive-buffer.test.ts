import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { OUT_OF_ORDER_LIMIT, ReceiveBuffer } from "./receive-buffer.ts";

const text = (value: string) => new TextEncoder().encode(value);
const accept = (buffer: ReceiveBuffer, next: number, sequence: number, value: string) =>
  buffer.accept(next, sequence, text(value), 0, value.length);
const read = (buffer: ReceiveBuffer) => {
  const into = new Uint8Array(buffer.length);
  buffer.read(into);
  return new TextDecoder().decode(into);
};

test("data in order is readable at once", () => {
  const buffer = new ReceiveBuffer();
  assert.equal(accept(buffer, 100, 100, "hello "), 6);
  assert.equal(accept(buffer, 106, 106, "world"), 5);
  assert.equal(read(buffer), "hello world");
});

test("data ahead of a gap waits, is reported with the latest first, and follows when the gap is filled", () => {
  const buffer = new ReceiveBuffer();
  assert.equal(accept(buffer, 0, 4, "efgh"), 0);
  assert.equal(accept(buffer, 0, 12, "mn"), 0);
  assert.equal(accept(buffer, 0, 20, "uv"), 0);
  const edges = new Int32Array(8);
  assert.equal(buffer.sackBlocks(edges, 3), 3);
  assert.deepEqual([...edges.subarray(0, 6)], [20, 22, 12, 14, 4, 8], "RFC 2018 §4");
  assert.equal(accept(buffer, 0, 8, "ijkl"), 0);
  assert.equal(buffer.sackBlocks(edges, 3), 2);
  assert.deepEqual([...edges.subarray(0, 4)], [4, 14, 20, 22], "joined blocks are one, and the latest");
  assert.equal(accept(buffer, 0, 0, "abcd"), 14);
  assert.equal(read(buffer), "abcdefghijklmn");
  assert.ok(buffer.hasGap && buffer.has(20, 22) && !buffer.has(19, 22));
});

test("what came twice is reported once, before the block that holds it (RFC 2883 §4)", () => {
  const buffer = new ReceiveBuffer();
  const edges = new Int32Array(8);
  const report = (limit = 4) => [...edges.subarray(0, buffer.sackBlocks(edges, limit) * 2)];
  accept(buffer, 0, 4, "efgh");
  accept(buffer, 0, 12, "mn");
  assert.deepEqual(report(), [12, 14, 4, 8]);
  accept(buffer, 0, 5, "fg");
  assert.deepEqual(report(), [5, 7, 4, 8, 12, 14]);
  assert.deepEqual(report(), [4, 8, 12, 14], "told already");
  accept(buffer, 0, 6, "ghijklmno");
  assert.deepEqual(report(), [6, 8, 4, 15], "of two overlaps the first");
  buffer.repeated(-4, 0);
  assert.deepEqual(report(1), [-4, 0]);
  assert.equal(accept(buffer, 0, 0, "abcdef"), 15);
  assert.ok(buffer.hasReport);
  assert.deepEqual(report(), [4, 6], "the part behind the gap came before");
  assert.ok(!buffer.hasReport);
});

test("pieces beyond the limit are not kept, but what joins two of them is", () => {
  const buffer = new ReceiveBuffer();
  for (let piece = 1; piece <= OUT_OF_ORDER_LIMIT; piece++) accept(buffer, 0, piece * 2, "x");
  const beyond = OUT_OF_ORDER_LIMIT * 2 + 10;
  accept(buffer, 0, beyond, "y");
  assert.ok(!buffer.has(beyond, beyond + 1));
  accept(buffer, 0, 5, "z");
  assert.ok(buffer.has(4, 7), "else a receiver at its limit refuses all that would bring it below");
  accept(buffer, 0, beyond, "y");
  assert.ok(buffer.has(beyond, beyond + 1));
  assert.equal(accept(buffer, 0, 0, "ab"), 3, "a gap can still be filled");
});

test("a stream cut anywhere, sent in any order and more than once, reads as it was, across the wrap too", () => {
  const pieces = fc.array(fc.record({ at: fc.nat(400), length: fc.integer({ min: 1, max: 80 }) }), { maxLength: 80 });
  fc.assert(
    fc.property(pieces, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (sent, start) => {
      const stream = Uint8Array.from({ length: 480 }, (_, index) => (index * 7) & 255);
      const buffer = new ReceiveBuffer();
      const arrived = new Set<number>();
      let next = 0;
      for (const { at, length } of [...sent, { at: 0, length: 480 }]) {
        for (let index = at; index < at + length; index++) arrived.add(index);
        const from = Math.max(at, next);
        if (from < at + length) {
          next += buffer.accept((start + next) | 0, (start + from) | 0, stream, from, at + length);
        }
        let contiguous = 0;
        while (arrived.has(contiguous)) contiguous++;
        assert.equal(next, contiguous);
      }
      const into = new Uint8Array(480);
      assert.equal(buffer.read(into), 480);
      assert.deepEqual(into, stream);
    }),
  );
});
