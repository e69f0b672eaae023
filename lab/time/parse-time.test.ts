import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTime } from "./parse-time.ts";

test("times are read as people write them", () => {
  const now = 5e9;
  for (const [text, at] of [
    ["12.5", 12.5e9],
    [" 1:30 ", 90e9],
    ["1:02:03.5", 3723.5e9],
    ["500ms", 0.5e9],
    ["2 h", 7200e9],
    ["+1", 6e9],
    ["+ 250 µs", 5e9 + 250e3],
    ["+0:01", 6e9],
    [".5", 0.5e9],
    ["7ns", 7],
    ["0", 0],
  ] as const) {
    assert.equal(parseTime(text, now), at, text);
  }
});

test("what is no time is none", () => {
  for (const text of ["", "+", "soon", "1:2:3:4", "-1", "1 parsec", "1e9", "99999999999999999999", "1..2"]) {
    assert.equal(parseTime(text, 0), undefined, text);
  }
});
