import assert from "node:assert/strict";
import { test } from "node:test";
import { absoluteText, secondsText, spanText, timeText } from "./time-text.ts";

const EPOCH = Date.UTC(2026, 0, 1);

test("times are written to the nanosecond", () => {
  assert.equal(secondsText(0), "0.000000000");
  assert.equal(secondsText(12_000_345_678), "12.000345678");
  assert.equal(secondsText(-5_000_001), "-0.005000001");
});

test("absolute time is the network's own, in UTC", () => {
  assert.equal(absoluteText(9_000_123_456, EPOCH), "2026-01-01 00:00:09.000123");
});

test("a time can be counted from the start, the row above, or a packet", () => {
  const base = { epoch: EPOCH, previous: 1_000, reference: 3_000 };
  assert.equal(timeText(2_000, { ...base, format: "relative" }), "0.000002000");
  assert.equal(timeText(2_999, { ...base, format: "relative", digits: 6 }), "0.000002");
  assert.equal(timeText(2_000, { ...base, format: "delta" }), "0.000001000");
  assert.equal(timeText(2_000, { ...base, format: "reference" }), "-0.000001000");
  assert.equal(timeText(2_000, { format: "delta", epoch: EPOCH }), "0.000000000");
});

test("spans are written in the unit that fits", () => {
  assert.equal(spanText(12), "12 ns");
  assert.equal(spanText(1_500), "1.5 µs");
  assert.equal(spanText(200_000_000), "200 ms");
  assert.equal(spanText(-61_000_000_000), "−61 s");
});
