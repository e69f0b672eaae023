import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "./output.ts";

test("what a terminal would obey is written as escapes, and what people read stays", () => {
  assert.equal(printable("Grüße, 世界 🌍"), "Grüße, 世界 🌍");
  assert.equal(printable("a\u001b[2Jb\r\nc\u0000\u202e"), "a\\u001b[2Jb\\u000d\\nc\\u0000\\u202e");
});
