import assert from "node:assert/strict";
import { test } from "node:test";
import { barsPath, placeIn, timeAt, timeOfKey, windowTo } from "./window.ts";

test("the line shows all, or the last stretch, and at least a second", () => {
  assert.deepEqual(windowTo(0, undefined), { from: 0, to: 1e9 });
  assert.deepEqual(windowTo(90e9, undefined), { from: 0, to: 90e9 });
  assert.deepEqual(windowTo(90e9, 10e9), { from: 80e9, to: 90e9 });
  assert.deepEqual(windowTo(0.2e9, 10e9), { from: 0, to: 1e9 });
});

test("a place and its time are each other's", () => {
  const window = { from: 10e9, to: 20e9 };
  assert.equal(placeIn(window, 15e9), 0.5);
  assert.equal(timeAt(window, 0.5), 15e9);
  assert.equal(placeIn(window, 0), 0);
  assert.equal(timeAt(window, 2), 20e9);
});

test("keys look back and forward, no further than what is kept, and return to now", () => {
  const window = { from: 0, to: 100e9 };
  const limits = { earliest: 20e9, now: 100e9 };
  assert.equal(timeOfKey("ArrowLeft", 100e9, window, limits), 99e9);
  assert.equal(timeOfKey("PageDown", 50e9, window, limits), 40e9);
  assert.equal(timeOfKey("PageDown", 25e9, window, limits), 20e9);
  assert.equal(timeOfKey("Home", 50e9, window, limits), 20e9);
  assert.equal(timeOfKey("End", 50e9, window, limits), undefined);
  assert.equal(timeOfKey("ArrowRight", 99.5e9, window, limits), undefined);
  assert.equal(timeOfKey("x", 50e9, window, limits), null);
});

test("bars stand on the ground, and one frame can be seen beside a thousand", () => {
  assert.equal(barsPath([0, 0], 0), "");
  assert.equal(barsPath([0, 4], 4), "M0.5000 1V0.0000h0.5000V1z");
  assert.match(barsPath([1, 100_000], 100_000), /^M0\.0000 1V0\.9400/);
});
