import assert from "node:assert/strict";
import { test } from "node:test";
import { datagramText, TEXT_LENGTH } from "./receiver.ts";

test("a datagram is logged on one line, whatever is in it", () => {
  const text = (...bytes: number[]): string => datagramText(Uint8Array.from(bytes));
  assert.equal(datagramText(new TextEncoder().encode("hé 你\n\x1b[2J")), "hé 你\\n\\x1b[2J");
  assert.equal(text(65, 10, 66, 13, 10), "A\\nB", "the end of the last line is no news");
  assert.equal(text(65, 10, 10), "A\\n");
  assert.equal(text(65, 0xff, 66), "A\ufffdB");
  assert.equal(text(), "");
  assert.equal(datagramText(new Uint8Array(5000).fill(65)), `${"A".repeat(TEXT_LENGTH)}…`);
});
