import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { type Instant, NEVER } from "./instant.ts";
import { LivelockError, Scheduler } from "./scheduler.ts";
import { Timer } from "./timer.ts";

const at = (time: number) => time as Instant;

test("events happen by instant, and those of one instant in the order they were armed", () => {
  const scheduler = new Scheduler();
  const seen: string[] = [];
  const timer = (name: string) => new Timer(name, () => seen.push(`${name}@${scheduler.now}`));
  scheduler.arm(timer("c"), at(20));
  scheduler.arm(timer("a"), at(10));
  scheduler.arm(timer("b"), at(10));
  assert.equal(scheduler.runUntil(NEVER), "idle");
  assert.deepEqual(seen, ["a@10", "b@10", "c@20"]);
});

test("an order drawn early goes before one drawn late, whenever they are armed", () => {
  const scheduler = new Scheduler();
  const seen: string[] = [];
  const early = scheduler.drawOrder();
  scheduler.arm(new Timer("late", () => seen.push("late")), at(5));
  scheduler.arm(new Timer("early", () => seen.push("early")), at(5), early);
  scheduler.runUntil(NEVER);
  assert.deepEqual(seen, ["early", "late"]);
});

test("runUntil stops at its limit, at its budget, after a wake and under a hold", () => {
  const scheduler = new Scheduler();
  const ticks: number[] = [];
  const timer: Timer = new Timer("tick", (now) => {
    ticks.push(now);
    scheduler.arm(timer, at(now + 10));
  });
  scheduler.arm(timer, at(10));
  assert.equal(scheduler.runUntil(at(25)), "reached");
  assert.deepEqual(ticks, [10, 20]);
  assert.equal(scheduler.now, 25, "time goes on to the limit");
  assert.equal(scheduler.lastEvent, 20, "where nothing has happened yet");
  assert.equal(scheduler.runUntil(at(1000), 1), "budget");
  scheduler.wake();
  assert.equal(scheduler.runUntil(at(1000)), "woken");
  const release = scheduler.hold();
  assert.equal(scheduler.runUntil(at(1000)), "held");
  assert.equal(scheduler.step(), false);
  release();
  assert.throws(release, /released once/);
  scheduler.disarm(timer);
  assert.equal(scheduler.runUntil(NEVER), "idle");
  assert.throws(() => scheduler.arm(timer, at(1)), /past/);
});

test("a loop at one instant ends with an error that names its owners", () => {
  const scheduler = new Scheduler(2000);
  const timers = ["switch1-switch2", "switch2-switch1"].map((name) => new Timer(name, () => {}));
  let turn = 0;
  const loop: Timer[] = timers.map(
    ({ name }, index) =>
      new Timer(name, (now) => {
        turn++;
        scheduler.arm(loop[1 - index] as Timer, now);
      }),
  );
  scheduler.arm(loop[0] as Timer, at(3));
  assert.throws(
    () => scheduler.runUntil(NEVER),
    (error) => error instanceof LivelockError && error.owners.join() === "switch1-switch2,switch2-switch1",
  );
  assert.ok(turn >= 2000);
});

test("any mix of arm, re-arm and disarm expires as a sorted list would", () => {
  const command = fc.record({ timer: fc.nat(15), at: fc.nat(40), disarm: fc.boolean() });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
      const scheduler = new Scheduler();
      const seen: number[] = [];
      const timers = Array.from({ length: 16 }, (_, index) => new Timer(`${index}`, () => seen.push(index)));
      const model = new Map<number, { at: number; order: number }>();
      commands.forEach((step, order) => {
        const timer = timers[step.timer] as Timer;
        if (step.disarm) {
          scheduler.disarm(timer);
          model.delete(step.timer);
        } else {
          scheduler.arm(timer, at(step.at));
          model.set(step.timer, { at: step.at, order });
        }
      });
      const expected = [...model].sort(([, a], [, b]) => a.at - b.at || a.order - b.order).map(([index]) => index);
      assert.equal(scheduler.runUntil(NEVER), "idle");
      assert.deepEqual(seen, expected);
      assert.ok(timers.every((timer) => !timer.armed));
    }),
  );
});

test("what a timer arms, moves and disarms when it goes off happens as a sorted list would have it", () => {
  const command = fc.record({ timer: fc.nat(7), after: fc.nat(6), do: fc.constantFrom("arm", "arm early", "disarm") });
  fc.assert(
    fc.property(fc.array(fc.array(command, { maxLength: 4 }), { maxLength: 60 }), (turns) => {
      const scheduler = new Scheduler();
      const early = Array.from({ length: 300 }, () => scheduler.drawOrder());
      const model = new Map<number, { at: number; order: number }>();
      const seen: number[] = [];
      const expected: number[] = [];
      let turn = 0;
      let order = 300;
      const act = () => {
        for (const step of turns[turn++] ?? []) {
          const timer = timers[step.timer] as Timer;
          const time = scheduler.now + step.after;
          const drawn = step.do === "arm early" ? early.pop() : undefined;
          if (step.do === "disarm") {
            scheduler.disarm(timer);
            model.delete(step.timer);
          } else {
            scheduler.arm(timer, at(time), drawn);
            model.set(step.timer, { at: time, order: drawn ?? order++ });
          }
        }
        assert.equal(scheduler.next, Math.min(...[...model.values()].map((each) => each.at)));
        const [first] = [...model].sort(([, a], [, b]) => a.at - b.at || a.order - b.order);
        if (first === undefined) return;
        expected.push(first[0]);
        model.delete(first[0]);
      };
      const timers = Array.from(
        { length: 8 },
        (_, index) =>
          new Timer(`${index}`, () => {
            seen.push(index);
            act();
          }),
      );
      act();
      assert.equal(scheduler.runUntil(NEVER), "idle");
      assert.deepEqual(seen, expected);
    }),
  );
});
