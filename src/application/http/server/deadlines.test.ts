import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../../../test/fixtures/virtual-clock.ts";
import { type Instant, NEVER, seconds } from "../../../time/instant.ts";
import { Scheduler } from "../../../time/scheduler.ts";
import { Deadlines, Expiring } from "./deadlines.ts";

class Each extends Expiring {
  readonly expired: number[] = [];
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    super();
    this.#scheduler = scheduler;
  }

  override expire(): void {
    this.expired.push(this.#scheduler.now / 1e9);
  }
}

/** Runs to an instant, in seconds. */
const run = (scheduler: Scheduler, to: number): void => {
  while (scheduler.runUntil(to === Number.POSITIVE_INFINITY ? NEVER : (seconds(to) as number as Instant)) === "woken");
};

test("each expires once, a sixteenth later than the duration, in the order in which they were set", () => {
  const scheduler = new Scheduler();
  const deadlines = new Deadlines(new VirtualClock(scheduler), seconds(16));
  const all = [0, 1, 2].map(() => new Each(scheduler));
  for (const [index, each] of all.entries()) {
    run(scheduler, index);
    deadlines.set(each, scheduler.now);
  }
  run(scheduler, 100);
  assert.deepEqual(
    all.map(({ expired }) => expired),
    [[17], [18], [19]],
  );
});

test("one that is put off or taken away does not expire, and needs no timer of its own", () => {
  const scheduler = new Scheduler();
  const deadlines = new Deadlines(new VirtualClock(scheduler), seconds(16));
  const [kept, gone] = [new Each(scheduler), new Each(scheduler)];
  deadlines.set(kept, scheduler.now);
  deadlines.set(gone, scheduler.now);
  run(scheduler, 10);
  assert.ok(deadlines.isStale(kept, scheduler.now));
  deadlines.set(kept, scheduler.now);
  assert.ok(!deadlines.isStale(kept, scheduler.now));
  deadlines.clear(gone);
  run(scheduler, 100);
  assert.deepEqual([kept.expired, gone.expired], [[27], []]);
  assert.equal(kept.waitsIn, undefined);
});

test("one of several lists at a time has it, and a list that was stopped is quiet", () => {
  const scheduler = new Scheduler();
  const clock = new VirtualClock(scheduler);
  const [short, long] = [new Deadlines(clock, seconds(1)), new Deadlines(clock, seconds(16))];
  const each = new Each(scheduler);
  short.set(each, scheduler.now);
  long.set(each, scheduler.now);
  assert.equal(each.waitsIn, long);
  run(scheduler, 5);
  long.stop();
  run(scheduler, 100);
  assert.deepEqual(each.expired, []);
});
