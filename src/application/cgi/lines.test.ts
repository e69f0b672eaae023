import assert from "node:assert/strict";
import { test } from "node:test";
import { LINE_LIMIT, ScriptLines } from "./lines.ts";

test("what comes in pieces is told in lines, a long one in several, the last without its end", () => {
  const told: string[] = [];
  const lines = new ScriptLines((line) => told.push(line));
  for (const piece of ["a\nb", "c\r\n\n", "x".repeat(LINE_LIMIT + 1), "\nend"])
    lines.take(new TextEncoder().encode(piece));
  assert.deepEqual(told, ["a", "bc", "", "x".repeat(LINE_LIMIT), "x"]);
  lines.end();
  lines.end();
  assert.deepEqual(told.slice(5), ["end"]);
});

test("a character in several bytes may come in two pieces", () => {
  const told: string[] = [];
  const lines = new ScriptLines((line) => told.push(line));
  const bytes = new TextEncoder().encode("grüße\n");
  for (const byte of bytes) lines.take(Uint8Array.of(byte));
  assert.deepEqual(told, ["grüße"]);
});
