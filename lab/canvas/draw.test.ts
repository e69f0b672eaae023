import assert from "node:assert/strict";
import { test } from "node:test";
import { type Line, ratePlace } from "./draw.ts";

/** A cable from a point in a direction. @param angle degrees */
const cable = (angle: number, length = 150): Line => {
  const turn = (angle * Math.PI) / 180;
  return { ax: 0, ay: 0, bx: Math.cos(turn) * length, by: Math.sin(turn) * length };
};
/** How far beside a cable packets' words reach, and half their height. */
const WORDS = { beside: 14, halfHeight: 9 };

test("a cable's throughput stands where the words of what crosses it do not come, whichever way it goes", () => {
  for (let angle = -180; angle < 180; angle += 5) {
    const line = cable(angle);
    const place = ratePlace(line);
    assert.ok(place !== undefined);
    const [dx, dy] = [line.bx / 150, line.by / 150];
    for (const [part, side] of [
      [0.45, -1],
      [0.55, 1],
    ] as const) {
      const at = { x: line.bx * part - dy * side * WORDS.beside, y: line.by * part + dx * side * WORDS.beside };
      assert.ok(Math.abs(place.y - 4 - at.y) >= WORDS.halfHeight + 5.5, `at ${angle} degrees ${place.y - 4 - at.y}`);
    }
  }
});

test("a short cable has no room for it", () => {
  assert.equal(ratePlace(cable(0, 40)), undefined);
});
