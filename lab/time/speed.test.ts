import assert from "node:assert/strict";
import { test } from "node:test";
import { HIGHEST, LOWEST, nextSpeed, placeOf, type Speed, speedAt, speedText } from "./speed.ts";

test("the slider goes from a thousandth of real time to as fast as it can", () => {
  assert.equal(speedAt(LOWEST), 0.001);
  assert.equal(speedAt(0), 1);
  assert.equal(speedAt(HIGHEST - 1), 1000);
  assert.equal(speedAt(HIGHEST), "max");
  for (let place = LOWEST; place <= HIGHEST; place++) assert.equal(placeOf(speedAt(place)), place);
  assert.equal(placeOf(0.000_02), LOWEST, "slow motion may be slower than that");
});

test("a speed is written with two digits", () => {
  assert.deepEqual([1, 0.05, 0.000_166_7, 1000].map(speedText), ["1×", "0.05×", "0.00017×", "1000×"]);
});

test("faster and slower go in steps of 1, 2, 5", () => {
  const up: Speed[] = [0.5];
  for (let i = 0; i < 12; i++) up.push(nextSpeed(up.at(-1) as Speed, true));
  assert.deepEqual(up, [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, "max", "max"]);
  assert.equal(nextSpeed("max", false), 1000);
  assert.equal(nextSpeed(0.001, false), 0.001);
  assert.equal(nextSpeed(0.3, false), 0.2);
});
