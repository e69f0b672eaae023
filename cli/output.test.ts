import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, printable, printableLines } from "./output.ts";

test("what a terminal would obey is written as escapes, and what people read stays", () => {
  assert.equal(printable("Grüße, 世界 🌍"), "Grüße, 世界 🌍");
  assert.equal(printable("a\u001b[2Jb\r\nc\u0000\u202e"), "a\\u001b[2Jb\\u000d\\nc\\u0000\\u202e");
});

test("lines stay lines", () => {
  assert.equal(printableLines("a\n\u001bb"), "a\n\\u001bb");
  assert.deepEqual([counted(1, "host"), counted(0, "host")], ["1 host", "0 hosts"]);
});
