import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { fromBase64, toBase64 } from "./base64.ts";

test("base64 is Node's, both ways", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = toBase64(bytes);
      assert.equal(text, Buffer.from(bytes).toString("base64"));
      assert.deepEqual(fromBase64(text), bytes);
    }),
  );
});

test("what is not base64 is refused", () => {
  for (const bad of ["A", "AAA", "AA=A", "====", "A===", "AB==", "AAB=", "AA-_", "AA\n=", "AA=="[0] ?? ""]) {
    assert.equal(fromBase64(bad), undefined, JSON.stringify(bad));
  }
});
