import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { applySplice, inverse, spliceBetween } from "./text-splice.ts";

const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 }));

test("the splice between two texts leads from one to the other, and its inverse back", () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const splice = spliceBetween(one, other);
      assert.equal(applySplice(one, splice), other);
      assert.equal(applySplice(other, inverse(splice)), one);
    }),
  );
});

test("what is the same at both ends is not in the splice", () => {
  assert.deepEqual(spliceBetween("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 22\nc: 3\n"), { at: 9, removed: "", inserted: "2" });
  assert.deepEqual(spliceBetween("aa", "a"), { at: 1, removed: "a", inserted: "" });
  assert.deepEqual(spliceBetween("same", "same"), { at: 4, removed: "", inserted: "" });
});

test("a splice of another text is none", () => {
  assert.equal(applySplice("abc", { at: 1, removed: "x", inserted: "y" }), undefined);
});
