import assert from "node:assert/strict";
import { test } from "node:test";
import { AverageRate } from "./average-rate.ts";

test("a frame within a step of a microsecond is no torrent", () => {
  assert.equal(new AverageRate().after(1000, 1000), 8000);
  assert.equal(new AverageRate().after(1000, 0), 8000);
});

test("what flows evenly comes to its rate, however often one looks", () => {
  for (const elapsed of [1e6, 50e6, 3e9]) {
    const average = new AverageRate();
    let rate = 0;
    for (let passed = 0; passed < 30e9; passed += elapsed) rate = average.after((1e6 * elapsed) / 8e9, elapsed);
    assert.ok(Math.abs(rate - 1e6) < 1000, `${rate} bit/s looked at every ${elapsed} ns`);
  }
});

test("it sinks to nothing when nothing flows any more", () => {
  const average = new AverageRate();
  average.after(1e6, 1e9);
  for (let looks = 0; looks < 1000; looks++) average.after(0, 50e6);
  assert.equal(average.after(0, 50e6), 0);
});
