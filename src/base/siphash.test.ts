import assert from "node:assert/strict";
import test from "node:test";
import { SipHash } from "./siphash.ts";

// The vectors of the SipHash-2-4 paper's reference: key 00 01 … 0f, message 00 01 … (n − 1).
const key = new Uint32Array([0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c]);
const words = (count: number) => Array.from({ length: count }, (_, n) => 0x03020100 + n * 0x04040404);

test("messages of 0, 4, 8, 12 and 16 bytes hash as the reference does", () => {
  const siphash = new SipHash(key);
  assert.equal(siphash.hash(), low("310e0edd47db6f72"));
  assert.equal(siphash.hash(...words(1)), low("b7877127e09427cf"));
  assert.equal(siphash.hash(...words(2)), low("6224939a79f5f593"));
  assert.equal(siphash.hash(...words(3)), low("fbe50e86bc8f1e75"));
  assert.equal(siphash.hash(...words(4)), low("db9bc2577fcc2a3f"));
});

test("another key gives another hash", () => {
  const other = new Uint32Array([1, 2, 3, 4]);
  assert.notEqual(new SipHash(other).hash(1, 2, 3), new SipHash(key).hash(1, 2, 3));
});

/** The low 32 bits of a hash printed as eight little-endian bytes. */
function low(bytes: string): number {
  const at = (index: number) => Number.parseInt(bytes.slice(index * 2, index * 2 + 2), 16);
  return (at(0) | (at(1) << 8) | (at(2) << 16) | (at(3) << 24)) >>> 0;
}
