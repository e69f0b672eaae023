import assert from "node:assert/strict";
import test from "node:test";
import { formatDuration, milliseconds, parseDuration, seconds } from "./instant.ts";

test("durations are read as people write them", () => {
  assert.equal(parseDuration("150us"), 150_000);
  assert.equal(parseDuration("150µs"), 150_000);
  assert.equal(parseDuration("1.5 ms"), 1_500_000);
  assert.equal(parseDuration("1h30m"), 5400e9);
  assert.equal(parseDuration("0s"), 0);
  for (const bad of ["", "5", "ms", "-1s", "1 day", "1e9s", "1s junk", "9999999h"]) {
    assert.equal(parseDuration(bad), undefined, JSON.stringify(bad));
  }
});

test("durations are printed in their largest unit", () => {
  assert.equal(formatDuration(seconds(2)), "2s");
  assert.equal(formatDuration(milliseconds(1.5)), "1.5ms");
  assert.equal(formatDuration(250), "250ns");
});
