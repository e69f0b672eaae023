import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { gunzip, INFLATED_LIMIT, inflate, unwrapDeflate } from "./inflate.ts";

const LEVELS = [0, 1, 6, 9];
/** Texts that repeat, and bytes that do not. */
const samples = fc.oneof(
  fc
    .array(fc.constantFrom("one ", "two ", "<p>", "\n"), { maxLength: 400 })
    .map((words) => Buffer.from(words.join(""))),
  fc.uint8Array({ maxLength: 3_000 }),
);

test("what zlib has compressed at any level comes out again, bare and wrapped", () => {
  fc.assert(
    fc.property(samples, fc.constantFrom(...LEVELS), (sample, level) => {
      const expected = Uint8Array.from(sample);
      assert.deepEqual(inflate(deflateRawSync(sample, { level })), expected);
      assert.deepEqual(gunzip(gzipSync(sample, { level })), expected);
      assert.deepEqual(unwrapDeflate(deflateSync(sample, { level })), expected);
    }),
    { numRuns: 300 },
  );
});

test("a long text and short codes come out as well", () => {
  const long = Buffer.from(Array.from({ length: 40_000 }, (_, n) => `${n * n} `).join(""));
  assert.deepEqual(inflate(deflateRawSync(long)), Uint8Array.from(long));
  assert.deepEqual(unwrapDeflate(deflateRawSync(Buffer.from("bare"))), Uint8Array.from(Buffer.from("bare")));
});

test("a file name in the head of gzip is passed over", () => {
  const plain = gzipSync("text");
  const named = Uint8Array.from([...plain.subarray(0, 3), 8, ...plain.subarray(4, 10), 97, 0, ...plain.subarray(10)]);
  assert.deepEqual(gunzip(named), Uint8Array.from(Buffer.from("text")));
});

test("what is cut off, or no DEFLATE, gives nothing and never throws", () => {
  const whole = deflateRawSync("hello hello hello hello");
  for (let length = 0; length < whole.length - 1; length++) assert.equal(inflate(whole.subarray(0, length)), undefined);
  assert.equal(gunzip(Uint8Array.of(1, 2, 3)), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const read of [inflate, gunzip, unwrapDeflate]) read(bytes);
    }),
  );
});

test("what would become too much is given up", () => {
  assert.equal(gunzip(gzipSync(Buffer.alloc(INFLATED_LIMIT + 1))), undefined);
});
