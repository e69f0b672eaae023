import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds, seconds } from "../../time/instant.ts";
import { OsClock } from "./os-clock.ts";
import { afterWall } from "./wall-timer.ts";

test("the clock goes on from near 0, and never back", async () => {
  const clock = new OsClock();
  const first = clock.now();
  await clock.sleep(milliseconds(2));
  assert.ok(first >= 0 && clock.now() - first >= milliseconds(1));
  assert.ok(clock.date() instanceof Date);
});

test("what is taken back does not happen, and a sleep ends by its signal", async () => {
  const clock = new OsClock();
  const happened: string[] = [];
  const takeBack = clock.after(milliseconds(1), () => happened.push("taken back"));
  takeBack();
  const controller = new AbortController();
  const asleep = assert.rejects(clock.sleep(seconds(1000), controller.signal), /enough/);
  controller.abort(new Error("enough"));
  await asleep;
  await assert.rejects(clock.sleep(seconds(1), controller.signal), /enough/);
  await new Promise<void>((resolve) => clock.after(milliseconds(5), resolve));
  assert.deepEqual(happened, []);
});

test("a duration longer than Node's timers take is waited for in pieces", (t) => {
  const waits: number[] = [];
  const cancel = afterWall(seconds(3_000_000), () => waits.push(1));
  t.after(cancel);
  cancel();
  assert.deepEqual(waits, []);
});
