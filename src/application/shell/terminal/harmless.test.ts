import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { HarmlessText, harmless } from "./harmless.ts";

test("what a terminal obeys is shown, and what it writes is left", () => {
  assert.equal(harmless("\x1b[31mré\x07d\x9b\x7f\u202e\0"), "^[[31mré^Gd\\x9b^?\\u202e^@");
  assert.equal(harmless("a\tb\r\nc"), "a\tb\r\nc");
});

test("bytes may be cut anywhere, and need not be UTF-8", () => {
  const text = new HarmlessText();
  const bytes = new TextEncoder().encode("é世\x1b]0;x\x07");
  assert.equal(Array.from(bytes, (byte) => text.read(Uint8Array.of(byte))).join(""), "é世^[]0;x^G");
  assert.equal(new HarmlessText().read(Uint8Array.of(0x61, 0xff, 0x9b)), "a\ufffd\ufffd");
});

test("no control character is left of any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.doesNotMatch(new HarmlessText().read(bytes), /(?![\t\n\r])\p{Cc}/u);
    }),
    { seed: 1 },
  );
});
