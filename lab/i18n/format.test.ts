import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatClock, formatDuration, formatRate, formatSeconds } from "./format.ts";

test("a duration is written in the unit that gives it the fewest letters", () => {
  const written = [0, 999, 1000, 1_500_000, 12_345_678_900].map((ns) => formatDuration(ns));
  assert.deepEqual(written, ["0 ns", "999 ns", "1 µs", "1.5 ms", "12.3 s"]);
});

test("a time is written as captures write it, and as clocks do", () => {
  assert.equal(formatSeconds(12_003_417_000), "12.003417");
  assert.equal(formatClock(12_003_417_000), "00:12.003");
  assert.equal(formatClock(3_723_417_000_000), "1:02:03.417");
});

test("bytes and rates are written with three digits", () => {
  assert.deepEqual([0, 999, 1000, 1_234_567].map(formatBytes), ["0 B", "999 B", "1 kB", "1.23 MB"]);
  assert.deepEqual([100e6, 1e9, 64_300].map(formatRate), ["100 Mbit/s", "1 Gbit/s", "64.3 kbit/s"]);
});
