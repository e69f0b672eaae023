import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeLatin1, encodeLatin1, writeLatin1 } from "./latin1.ts";

const OCTETS = Uint8Array.from({ length: 5_000 }, (_, i) => i);

test("each octet is the character of its number, in texts of any length", () => {
  const text = decodeLatin1(OCTETS);
  assert.equal(text.length, OCTETS.length);
  for (let i = 0; i < text.length; i++) assert.equal(text.charCodeAt(i), i & 0xff);
  assert.deepEqual(encodeLatin1(text), OCTETS);
  assert.equal(decodeLatin1(OCTETS, 65, 68, true), "ABC");
  assert.equal(decodeLatin1(OCTETS, 5, 5), "");
});

test("writing needs room", () => {
  const into = new Uint8Array(4);
  assert.equal(writeLatin1("\x9f", into, 3), 4);
  assert.equal(into[3], 0x9f);
  assert.throws(() => writeLatin1("ab", into, 3), RangeError);
});
