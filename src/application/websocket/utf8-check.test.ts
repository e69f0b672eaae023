import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Utf8Check } from "./utf8-check.ts";

/** Whether another takes the bytes for UTF-8. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

test("agrees with the platform's decoder on anything, however it is cut", () => {
  const character = fc.string({ unit: "binary", minLength: 1, maxLength: 1 }).map((text) => Buffer.from(text));
  const piece = fc.oneof(character, fc.uint8Array({ minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(20), (pieces, cut) => {
      const bytes = Uint8Array.from(Buffer.concat(pieces));
      const check = new Utf8Check();
      const valid = check.push(bytes, 0, Math.min(cut, bytes.length)) && check.push(bytes, Math.min(cut, bytes.length));
      assert.equal(valid && check.complete, isUtf8(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test("tells at the first byte that can be no part of a text", () => {
  for (const [good, bad] of [
    ["e0", "9f"],
    ["ed", "a0"],
    ["f0", "8f"],
    ["f4", "90"],
    ["", "c1"],
    ["", "f5"],
    ["", "80"],
    ["e282", "28"],
  ] as const) {
    const check = new Utf8Check();
    assert.ok(check.push(Buffer.from(good, "hex")), good);
    assert.equal(check.push(Buffer.from(bad, "hex")), false, good + bad);
  }
});
