import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { wholeRecords } from "./records.ts";

const record = (type: number, length: number): Uint8Array =>
  Uint8Array.of(type, 3, 3, length >> 8, length & 255, ...new Uint8Array(length));

test("whole records are as far as they go, and what the next needs is told", () => {
  const lengths = fc.array(fc.nat(300), { maxLength: 6 });
  fc.assert(
    fc.property(lengths, fc.nat(2000), (lengths, cut) => {
      const all = Buffer.concat(lengths.map((length) => record(23, length)));
      const bytes = all.subarray(0, cut);
      const ends = lengths.map((_, index) => lengths.slice(0, index + 1).reduce((sum, length) => sum + 5 + length, 0));
      const whole = Math.max(0, ...ends.filter((end) => end <= bytes.length));
      const { length, needed } = wholeRecords(bytes);
      assert.equal(length, whole);
      const next = ends.find((end) => end > bytes.length);
      assert.equal(needed, next !== undefined && bytes.length >= whole + 5 ? next : whole + 5);
    }),
  );
});

test("what is no record is taken whole", () => {
  for (const bytes of [Buffer.from("HTTP/1.1 400"), record(19, 10), Uint8Array.of(23, 3, 3, 0x7f, 0xff)]) {
    assert.deepEqual(wholeRecords(bytes), { length: bytes.length, needed: 0 });
  }
  const first = record(22, 10);
  const bytes = Buffer.concat([first, Buffer.from("garbage")]);
  assert.equal(wholeRecords(bytes).length, bytes.length);
});
