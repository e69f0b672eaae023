import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { toHex } from "./hex.ts";
import { md5 } from "./md5.ts";

test("the digests of RFC 1321 §A.5 come out", () => {
  const digest = (text: string): string => toHex(md5(new TextEncoder().encode(text)));
  assert.equal(digest(""), "d41d8cd98f00b204e9800998ecf8427e");
  assert.equal(digest("abc"), "900150983cd24fb0d6963f7d28e17f72");
});

test("a message of any length has the digest that Node's MD5 gives it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
      assert.equal(toHex(md5(message)), createHash("md5").update(message).digest("hex"));
    }),
  );
});
