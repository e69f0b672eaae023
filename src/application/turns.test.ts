import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "./turns.ts";

test("as many as may are let in, the next wait in turn, and one more is told so", async () => {
  const turns = new Turns(2, 2, () => new RangeError("full"));
  const order: number[] = [];
  await Promise.all([turns.take(), turns.take()]);
  const waiting = [1, 2].map(async (number) => {
    await turns.take();
    order.push(number);
  });
  await assert.rejects(turns.take(), RangeError);
  turns.end();
  turns.end();
  await Promise.all(waiting);
  assert.deepEqual(order, [1, 2]);
});

test("who goes while waiting leaves its turn to the next", async () => {
  const turns = new Turns(1, 2);
  await turns.take();
  const gone = new AbortController();
  const first = turns.take(gone.signal);
  const second = turns.take();
  gone.abort(new Error("gone"));
  await assert.rejects(first, /gone/);
  turns.end();
  await second;
  turns.end();
  await turns.take();
  await assert.rejects(turns.take(AbortSignal.abort(new Error("gone"))), /gone/);
});
