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

/** A timer that does what is due with the orders that it is given, as far as they are next. */
function claimer(
  scheduler: Scheduler,
  orders: number[],
  seen: string[],
  together = false,
  first: () => void = () => {},
): Timer {
  const timer: Timer = new Timer("claimer", () => {
    first();
    do seen.push(`claimed ${orders.shift()}`);
    while (orders.length > 0 && scheduler.claimNext(timer, orders[0] as number, together));
  });
  return timer;
}

test("what is due may be done within the event at hand, but nothing that is armed loses its turn", () => {
  const scheduler = new Scheduler();
  const seen: string[] = [];
  const orders = Array.from({ length: 4 }, () => scheduler.drawOrder());
  const other = new Timer("other", () => seen.push("other"));
  const later = new Timer("later", () => seen.push("later"));
  scheduler.arm(other, at(5), orders.splice(2, 1)[0]);
  scheduler.arm(later, at(6));
  const timer = claimer(scheduler, orders, seen);
  scheduler.arm(timer, at(5), orders[0]);
  assert.equal(scheduler.runUntil(NEVER), "idle");
  assert.deepEqual(seen, ["claimed 0", "claimed 1", "other", "later"]);
});

test("a program that was woken, a hold and a spent budget end what is done within an event", () => {
  const run = (act: (scheduler: Scheduler) => void, budget?: number, together?: boolean): string[] => {
    const scheduler = new Scheduler();
    const seen: string[] = [];
    const orders = [scheduler.drawOrder(), scheduler.drawOrder(), scheduler.drawOrder()];
    const timer = claimer(scheduler, orders, seen, together, () => act(scheduler));
    scheduler.arm(timer, at(1), orders[0]);
    if (budget === 0) scheduler.step();
    else scheduler.runUntil(NEVER, budget);
    return seen;
  };
  const all = ["claimed 0", "claimed 1", "claimed 2"];
  assert.deepEqual(
    run(() => {}),
    all,
  );
  assert.deepEqual(
    run((scheduler) => scheduler.wake()),
    ["claimed 0"],
  );
  assert.deepEqual(
    run((scheduler) => void scheduler.hold()),
    ["claimed 0"],
  );
  assert.deepEqual(
    run(() => {}, 2),
    ["claimed 0", "claimed 1"],
  );
  assert.deepEqual(
    run(() => {}, 0),
    ["claimed 0"],
    "a step is one event",
  );
  assert.deepEqual(
    run(() => {}, 1, true),
    all,
    "what belongs together is not cut apart",
  );
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

test("whatever is done within events, the order of all is that of instants and orders", () => {
  const item = fc.record({ at: fc.nat(3), owner: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 40 }), fc.nat(3), (items, budget) => {
      const scheduler = new Scheduler();
      const seen: number[] = [];
      const queues: { at: number; order: number }[][] = [[], [], []];
      const drawn = items.map(({ at: instant, owner }) => ({ at: instant, order: scheduler.drawOrder(), owner }));
      const sorted = drawn.toSorted((a, b) => a.at - b.at || a.order - b.order);
      for (const each of sorted) queues[each.owner]?.push(each);
      for (const queue of queues) {
        const timer: Timer = new Timer("owner", (now) => {
          do seen.push((queue.shift() as { order: number }).order);
          while (queue[0]?.at === now && scheduler.claimNext(timer, queue[0].order, budget === 3));
          if (queue[0] !== undefined) scheduler.arm(timer, at(queue[0].at), queue[0].order);
        });
        if (queue[0] !== undefined) scheduler.arm(timer, at(queue[0].at), queue[0].order);
      }
      while (scheduler.runUntil(NEVER, budget + 1) === "budget");
      assert.deepEqual(
        seen,
        sorted.map(({ order }) => order),
      );
    }),
  );
});
