import assert from "node:assert/strict";
import { test } from "node:test";
import type { Input } from "../network/input-log.ts";
import type { Instant } from "../time/instant.ts";
import { BRANCHES_LIMIT, Branches } from "./branches.ts";

const at = (time: number): Instant => time as Instant;

function input(n: number, time: number, length = 0): Input {
  return { n, at: at(time), door: "d", kind: "x", bytes: new Uint8Array(length), number: 0, count: 0 };
}

/** Branches whose current one has gone on to a time, with inputs at some times. */
function went(branches: Branches, to: number, ...times: number[]): void {
  for (const time of times) branches.keep(input((branches.current.last?.count ?? 0) + 1, time));
  branches.current.to = at(to);
}

const timesOf = (branches: Branches, branch = branches.current, until = 1e9): number[] =>
  branches.inputsUntil(branch, at(until)).map((each) => each.at);

test("a branch has the inputs of those that it came from, until it left them, and its own", () => {
  const branches = new Branches();
  const first = branches.current;
  went(branches, 100, 10, 20, 30);
  const second = branches.goOn(first, at(20));
  went(branches, 90, 25, 40);
  const third = branches.goOn(second, at(30));
  went(branches, 50, 35);
  assert.deepEqual(timesOf(branches, first), [10, 20, 30]);
  assert.deepEqual(timesOf(branches, second), [10, 20, 25, 40]);
  assert.deepEqual(timesOf(branches, third), [10, 20, 25, 35]);
  assert.deepEqual(timesOf(branches, second, 25), [10, 20, 25]);
  assert.deepEqual(branches.info(), [
    { id: 0, from: 0, to: 100 },
    { id: 1, parent: 0, from: 20, to: 90 },
    { id: 2, parent: 1, from: 30, to: 50 },
  ]);
  assert.equal(branches.common(first, third), 20);
  assert.equal(branches.common(third, second), 30);
  assert.equal(branches.common(third, third), Number.POSITIVE_INFINITY);
});

test("at its end a branch is gone on with itself", () => {
  const branches = new Branches();
  const first = branches.current;
  went(branches, 100, 10);
  branches.goOn(first, at(50));
  assert.equal(branches.goOn(first, at(100)), first);
  went(branches, 120, 110);
  assert.deepEqual(timesOf(branches), [10, 110]);
});

test("past the limit other branches are forgotten first, and then inputs are kept no more: it is known how far one can go back", () => {
  const branches = new Branches(2500);
  const first = branches.current;
  branches.keep(input(1, 10, 1000));
  first.to = at(100);
  branches.goOn(first, at(5));
  branches.keep(input(1, 20, 1000));
  branches.keep(input(2, 30, 1000));
  assert.deepEqual(branches.info(), [{ id: 1, from: 0, to: 5 }]);
  assert.deepEqual(timesOf(branches), [20, 30]);
  branches.current.to = at(60);
  assert.equal(branches.reach(branches.current), 60);
  branches.keep(input(3, 50, 1000));
  branches.keep(input(4, 55));
  assert.deepEqual(timesOf(branches), [20, 30]);
  assert.equal(branches.reach(branches.current), 49);
});

test("there are never more branches than the limit, and what is forgotten takes no input from the others", () => {
  const branches = new Branches();
  const first = branches.current;
  went(branches, 1000, 1, 2, 3);
  for (let n = 0; n < BRANCHES_LIMIT; n++) branches.goOn(first, at(2));
  assert.equal(branches.info().length, BRANCHES_LIMIT);
  assert.equal(branches.find(1), undefined, "the oldest that no other came from has gone");
  for (let n = 0; n < 3 * BRANCHES_LIMIT; n++) {
    went(branches, 1000 + n, 1000 + n);
    branches.goOn(branches.current, branches.current.to);
    went(branches, 2000 + n);
    branches.goOn(branches.current, at(1000 + n));
  }
  assert.equal(branches.info().length, BRANCHES_LIMIT);
  assert.deepEqual(timesOf(branches).slice(0, 4), [1, 2, 1000, 1001]);
  assert.equal(timesOf(branches).length, 2 + 3 * BRANCHES_LIMIT);
});
