import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { finish, fold, SUM_LIMIT, sum, swap, update } from "./checksum.ts";

const view = (bytes: Uint8Array | number[]) => {
  const copy = Uint8Array.from(bytes);
  return new DataView(copy.buffer);
};

/** The definition, word by word, with the carry added at once (RFC 1071 §1). */
function reference(bytes: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    total = (total & 0xffff) + (total >>> 16);
  }
  return total;
}

test("the example of RFC 1071 §3 sums to ddf2", () => {
  const words = view([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
  assert.equal(fold(sum(words, 0, 8)), 0xddf2);
  assert.equal(finish(sum(words, 0, 8)), 0x220d);
});

test("any bytes sum as the definition says", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      assert.equal(fold(sum(view(bytes), 0, bytes.length)), reference(bytes));
    }),
  );
});

test("the longest range of the highest words does not overflow", () => {
  for (const length of [SUM_LIMIT, SUM_LIMIT - 1]) {
    const bytes = new Uint8Array(length).fill(0xff);
    assert.equal(fold(sum(view(bytes), 0, length)), reference(bytes));
  }
});

test("a range cut at any place sums to the whole, exchanged after an odd cut (RFC 1071 §2 (B))", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (bytes, nat) => {
      const cut = nat % bytes.length;
      const first = fold(sum(view(bytes), 0, cut));
      const second = fold(sum(view(bytes), cut, bytes.length));
      assert.equal(fold(first + (cut % 2 ? swap(second) : second)), reference(bytes));
    }),
  );
});

test("an incremental update gives the sum of the changed bytes (RFC 1624 §3)", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(0xffff), (bytes, word) => {
      const before = view(bytes);
      const checksum = finish(sum(before, 0, 20));
      const old = before.getUint16(8);
      before.setUint16(8, word);
      const updated = update(checksum, old, word);
      assert.equal(fold(sum(before, 0, 20) + updated), 0xffff, "the receiver's sum is all ones");
    }),
  );
});
