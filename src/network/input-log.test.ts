import assert from "node:assert/strict";
import test from "node:test";
import { type Instant, NEVER } from "../time/instant.ts";
import { Scheduler } from "../time/scheduler.ts";
import { Timer } from "../time/timer.ts";
import { INPUTS_WAITING_LIMIT, type Input, Inputs } from "./input-log.ts";

const at = (time: number) => time as Instant;
const text = (input: Input) => new TextDecoder().decode(input.bytes);
const bytes = (words: string) => new TextEncoder().encode(words);

/** A network of one timer every 10 ns and one door, which writes down all that happens. */
function world() {
  const scheduler = new Scheduler();
  const inputs = new Inputs(scheduler);
  const seen: string[] = [];
  const tick: Timer = new Timer("tick", (now) => {
    seen.push(`tick@${now}`);
    scheduler.arm(tick, at(now + 10));
  });
  scheduler.arm(tick, at(10));
  inputs.door("d", (input) => {
    seen.push(`${input.kind} ${input.number} ${text(input)}@${scheduler.now}`);
    scheduler.arm(new Timer("answer", (now) => seen.push(`answer ${input.n}@${now}`)), scheduler.now);
  });
  const run = (limit: number) => {
    while (scheduler.runUntil(at(limit)) !== "reached");
  };
  return { scheduler, inputs, seen, run };
}

test("an input comes before the events of its instant, and after those that have happened", () => {
  const { inputs, seen, run } = world();
  inputs.paced = () => at(20);
  run(10);
  assert.ok(inputs.submit("d", "data", bytes("a"), 7));
  run(20);
  assert.ok(inputs.submit("d", "data", bytes("late")));
  run(30);
  assert.deepEqual(seen, [
    "tick@10",
    "data 7 a@20",
    "tick@20",
    "answer 1@20",
    "data 0 late@21",
    "answer 2@21",
    "tick@30",
  ]);
});

test("inputs keep their order, whatever the clock outside says", () => {
  const { inputs, seen, run } = world();
  const clock = [5, 3, 4];
  inputs.paced = () => at(clock.shift() ?? 0);
  for (const number of [1, 2, 3]) inputs.submit("d", "x", undefined, number);
  assert.equal(inputs.waiting, 3);
  run(9);
  assert.deepEqual(seen, ["x 1 @5", "x 2 @5", "x 3 @5", "answer 1@5", "answer 2@5", "answer 3@5"]);
});

test("the same inputs at the same times give the same run, though they were known beforehand", () => {
  const live = world();
  const record: Input[] = [];
  live.inputs.onInput = (input) => record.push(input);
  let outside = 0;
  live.inputs.paced = () => at(outside);
  for (const [limit, paced] of [
    [10, 10],
    [15, 17],
    [20, 20],
    [20, 20],
    [40, 12],
  ] as const) {
    live.run(limit);
    outside = paced;
    for (const number of [1, 2]) live.inputs.submit("d", "data", bytes(`${limit}`), number);
  }
  live.run(60);
  assert.equal(record.length, 10);

  const replayed = world();
  replayed.inputs.replay(record);
  replayed.run(60);
  assert.deepEqual(replayed.seen, live.seen);
  assert.equal(replayed.inputs.submit("d", "data"), false, "nothing from outside joins a replay");
});

test("a record that is out of order, or for a door that is not there, is refused", () => {
  const input: Input = { n: 1, at: at(5), door: "other", kind: "x", bytes: bytes(""), number: 0, count: 0 };
  const { scheduler, inputs, run } = world();
  assert.throws(() => inputs.replay([{ ...input, n: 2 }]), /out of order/);
  inputs.replay([input]);
  assert.throws(() => inputs.replay([{ ...input, n: 2, at: at(4) }]), /out of order/);
  assert.throws(() => run(10), /"other"/);
  assert.ok(scheduler.next < NEVER);
});

test("a door that was shut lets nothing in, and one more than the limit is refused", () => {
  const { inputs, seen, run } = world();
  const shut = inputs.door("e", () => seen.push("e"));
  inputs.submit("e", "x");
  shut();
  run(9);
  assert.deepEqual(seen, []);
  for (let count = 0; count < INPUTS_WAITING_LIMIT; count++) assert.ok(inputs.submit("e", "x"));
  assert.equal(inputs.submit("e", "x"), false);
  run(9);
  assert.equal(inputs.waiting, 0);
});

test("after a replay that is ended inputs come from outside again, numbered on, and what was still to come of it does not", () => {
  const { inputs, seen, run } = world();
  const input: Input = { n: 1, at: at(5), door: "d", kind: "x", bytes: bytes(""), number: 1, count: 0 };
  inputs.replay([input, { ...input, n: 2, at: at(7), number: 2 }, { ...input, n: 3, at: at(9), number: 3 }]);
  run(7);
  const executed: Input[] = [];
  inputs.onInput = (each) => executed.push(each);
  inputs.goOn();
  assert.equal(inputs.replaying, false);
  assert.ok(inputs.submit("d", "x", undefined, 4));
  run(20);
  assert.deepEqual(
    seen.filter((each) => each.startsWith("x")),
    ["x 1 @5", "x 2 @7", "x 4 @8"],
  );
  assert.deepEqual(
    executed.map(({ n, number }) => [n, number]),
    [[3, 4]],
  );
});
