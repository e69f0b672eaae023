import assert from "node:assert/strict";
import test from "node:test";
import { type Duration, type Instant, milliseconds, NEVER, seconds } from "../time/instant.ts";
import { Scheduler } from "../time/scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";

test("a sleep ends when virtual time has gone so far, and wakes the program", async () => {
  const scheduler = new Scheduler();
  const clock = new VirtualClock(scheduler);
  assert.equal(clock.date().toISOString(), "2026-01-01T00:00:00.000Z");
  const slept = clock.sleep(milliseconds(1500)).then(() => clock.now());
  assert.equal(scheduler.runUntil(NEVER), "woken");
  assert.equal(await slept, 1.5e9);
  assert.equal(clock.date().toISOString(), "2026-01-01T00:00:01.500Z");
});

test("an abort ends a sleep, and one that has aborted lets none begin", async () => {
  const scheduler = new Scheduler();
  const clock = new VirtualClock(scheduler);
  const control = new AbortController();
  const slept = clock.sleep(seconds(1), control.signal);
  control.abort(new Error("enough"));
  await assert.rejects(slept, /enough/);
  await assert.rejects(clock.sleep(seconds(1), control.signal), /enough/);
  assert.equal(scheduler.next, NEVER);
});

test("a callback can be taken back, and none comes after the clock is stopped", () => {
  const scheduler = new Scheduler();
  const clock = new VirtualClock(scheduler, 0);
  const seen: string[] = [];
  const cancel = clock.after(seconds(1), () => seen.push("cancelled"));
  clock.after(seconds(2), () => seen.push("two"));
  clock.after(seconds(4), () => seen.push("four"));
  clock.after(Number.POSITIVE_INFINITY as Duration, () => seen.push("never"));
  cancel();
  scheduler.runUntil(seconds(3) as number as Instant);
  assert.deepEqual(seen, ["two"]);
  clock.stop();
  clock.after(seconds(1), () => seen.push("stopped"));
  assert.equal(scheduler.next, NEVER);
  assert.equal(clock.date().getTime(), 2000);
});
