import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_VISITED, NOTHING_VISITED, turn, visit } from "./visited.ts";

const after = (...events: number[]) => events.reduce(visit, NOTHING_VISITED);

test("back and forward go over what was looked at", () => {
  const back = turn(after(1, 2, 3), -1);
  assert.equal(back?.events[back.at], 2);
  const forward = back && turn(back, 1);
  assert.equal(forward?.events[forward.at], 3);
  assert.equal(turn(after(1), -1), undefined);
  assert.equal(turn(after(1), 1), undefined);
});

test("a new packet after going back forgets what came after", () => {
  const back = turn(after(1, 2, 3), -1);
  assert.deepEqual(back && visit(back, 9).events, [1, 2, 9]);
});

test("the same packet again is no step, and there is a limit", () => {
  assert.deepEqual(after(1, 1, 1).events, [1]);
  assert.equal(after(...Array.from({ length: 300 }, (_, i) => i)).events.length, MAX_VISITED);
});
