import assert from "node:assert/strict";
import { test } from "node:test";
import { hexDump, hexLine, letterText, lineCount, moved, offsetText } from "./hex-lines.ts";

const BYTES = new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n");

test("bytes stand sixteen to a line, the last one shorter", () => {
  assert.equal(lineCount(BYTES.length, 16), 2);
  assert.deepEqual([...hexLine(BYTES, 1, 16).bytes], [13, 10]);
});

test("a dump has offsets, bytes and letters in columns", () => {
  assert.equal(
    hexDump(BYTES),
    [
      "0000  47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..",
      `0010  0d 0a${" ".repeat(42)}  ..`,
    ].join("\n"),
  );
});

test("an escape from a packet is a dot", () => {
  assert.equal(letterText(0x1b), ".");
  assert.equal(letterText(0x9b), ".");
});

test("offsets grow with what they count", () => {
  assert.equal(offsetText(16, 60), "0010");
  assert.equal(offsetText(16, 70_000), "00010");
});

test("arrow keys stay in the bytes", () => {
  assert.equal(moved(0, "ArrowLeft", 18, 16), 0);
  assert.equal(moved(17, "ArrowRight", 18, 16), 17);
  assert.equal(moved(5, "ArrowDown", 18, 16), 5);
  assert.equal(moved(1, "ArrowDown", 18, 16), 17);
  assert.equal(moved(17, "End", 18, 16), 17);
  assert.equal(moved(3, "Enter", 18, 16), undefined);
});
