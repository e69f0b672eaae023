import assert from "node:assert/strict";
import { test } from "node:test";
import { freePlace } from "./free-place.ts";

test("what is put somewhere covers nothing that is there", () => {
  const taken = [{ x: 0, y: 0 }];
  for (let count = 0; count < 60; count++) {
    const at = freePlace({ x: 0, y: 0 }, taken);
    assert.ok(taken.every(({ x, y }) => Math.hypot(x - at.x, y - at.y) >= 110));
    taken.push(at);
  }
  assert.deepEqual(freePlace({ x: 5000, y: 0 }, taken), { x: 5000, y: 0 });
});
