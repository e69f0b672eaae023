import assert from "node:assert/strict";
import test from "node:test";
import { hexDump } from "./copy.ts";

test("a dump has sixteen octets in a row, with their letters", () => {
  assert.equal(
    hexDump(Uint8Array.from({ length: 18 }, (_, at) => 0x3c + at * 4)),
    "0000  3c 40 44 48 4c 50 54 58 5c 60 64 68 6c 70 74 78  <@DHLPTX\\`dhlptx\n0010  7c 80                                            |.",
  );
  assert.equal(hexDump(new Uint8Array(0)), "");
});
