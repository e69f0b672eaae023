import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nodePlatform } from "../../test/support/run-loop.ts";
import { type Duration, type Instant, milliseconds, seconds } from "../time/instant.ts";
import { LivelockError, Scheduler } from "../time/scheduler.ts";
import { Timer } from "../time/timer.ts";
import { type Input, Inputs } from "./input-log.ts";
import type { Platform, Sleep } from "./platform.ts";
import { RunLoop, type RunLoopOptions, type SlowHold } from "./run.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { Works } from "./work.ts";

const ms = (count: number) => milliseconds(count) as number as Instant;

/** A machine whose wall clock moves only when it sleeps, or by hand. */
class FakePlatform implements Platform {
  time = 0;
  readonly slept: number[] = [];
  /** Called instead of a sleep without end. */
  onEndless: () => void = () => assert.fail("slept for ever");

  settle = nodePlatform.settle;
  turn = async (): Promise<void> => {};
  wall = (): number => this.time;
  sleep(length: number): Sleep {
    this.slept.push(length);
    if (length === Number.POSITIVE_INFINITY) this.onEndless();
    else this.time += length;
    return { done: Promise.resolve(), wake: () => {} };
  }
}

function world(options: Partial<RunLoopOptions> = {}) {
  const scheduler = new Scheduler();
  const inputs = new Inputs(scheduler);
  const works = new Works(scheduler, inputs);
  const platform = new FakePlatform();
  const loop = new RunLoop({ scheduler, inputs, works, platform, ...options });
  const clock = new VirtualClock(scheduler, 0);
  const seen: string[] = [];
  const say = (what: string) => seen.push(`${what}@${scheduler.now / 1e6}`);
  return { scheduler, inputs, works, platform, loop, clock, seen, say };
}

describe("the simulated clock", () => {
  test("goes from event to event without sleeping, and a woken program runs to its next wait in between", async () => {
    const { loop, clock, platform, say, seen } = world();
    const program = async (name: string) => {
      for (let turn = 0; turn < 3; turn++) {
        await clock.sleep(seconds(100));
        await Promise.resolve();
        say(name);
      }
    };
    void program("a");
    void program("b");
    assert.equal(await loop.run(), "idle");
    assert.deepEqual(seen, ["a@100000", "b@100000", "a@200000", "b@200000", "a@300000", "b@300000"]);
    assert.deepEqual(platform.slept, []);
  });

  test("stops at its limit, with the time there, and goes on from it", async () => {
    const { loop, clock, scheduler, say, seen } = world();
    clock.after(seconds(1), () => say("1 s"));
    clock.after(seconds(3), () => say("3 s"));
    assert.equal(await loop.run(ms(2000)), "reached");
    assert.equal(scheduler.now, 2e9);
    assert.equal(await loop.run(ms(3000)), "reached");
    assert.deepEqual(seen, ["1 s@1000", "3 s@3000"]);
  });

  test("ends before its limit when nothing is left to do, if told so", async () => {
    const { loop, clock, scheduler, say, seen } = world({ endsWhenIdle: true });
    for (const time of [1, 1, 2, 5]) clock.after(seconds(time), () => say(`${time}`));
    assert.equal(await loop.run(ms(3000)), "reached");
    assert.deepEqual(seen, ["1@1000", "1@1000", "2@2000"]);
    assert.equal(await loop.run(ms(9000)), "idle");
    assert.equal(scheduler.now, 5e9);
  });

  test("waits for inputs when nothing is left to do and a door is open", async () => {
    let open = true;
    const { loop, inputs, platform, say, seen } = world({ isOpen: () => open });
    inputs.door("d", () => say("input"));
    platform.onEndless = () => {
      inputs.submit("d", "x");
      open = false;
    };
    assert.equal(await loop.run(), "idle");
    assert.deepEqual(seen, ["input@0"]);
  });

  for (const cost of [0.001, 0.05, 0.12]) {
    test(`gives the runtime a turn at least every 10 ms of wall time, when an event takes ${cost} ms`, async () => {
      const { loop, platform, scheduler, clock } = world();
      const turns = [0];
      platform.turn = async () => void turns.push(platform.time);
      const sleeper = async () => {
        for (let turn = 0; turn < 100; turn++) await clock.sleep(1000 as Duration);
      };
      void sleeper();
      let left = 50 / cost;
      const tick: Timer = new Timer("tick", (now) => {
        platform.time += cost;
        if (--left > 0) scheduler.arm(tick, (now + 1) as Instant);
      });
      scheduler.arm(tick, ms(0));
      await loop.run();
      assert.ok(turns.length > 4);
      const gaps = [...turns.slice(1), platform.time].map((time, index) => time - (turns[index] as number));
      assert.ok(Math.max(...gaps) <= 10, `turns at ${turns}`);
    });
  }

  test("a loop of devices ends the run with an error that names them", async () => {
    const { loop, scheduler } = world();
    const timer: Timer = new Timer("cable switch1-switch2", (now) => scheduler.arm(timer, now));
    scheduler.arm(timer, ms(1));
    await assert.rejects(
      loop.run(),
      (error) => error instanceof LivelockError && /switch1-switch2/.test(error.message),
    );
    scheduler.disarm(timer);
    assert.equal(await loop.run(), "idle", "and can be run again");
  });
});

describe("the paced clock", () => {
  test("sleeps until the next event is due, at its speed", async () => {
    const { loop, clock, platform, say, seen } = world({ speed: 2 });
    clock.after(milliseconds(10), () => say("10 ms"));
    clock.after(milliseconds(30), () => say("30 ms"));
    assert.equal(await loop.run(ms(100)), "reached");
    assert.deepEqual(seen, ["10 ms@10", "30 ms@30"]);
    assert.deepEqual(platform.slept.map(Math.round), [5, 10, 35]);
  });

  test("late events happen in order at their own time, and debt beyond 100 ms is forgiven", async () => {
    const { loop, clock, platform, scheduler, say, seen } = world({ speed: 1 });
    for (const time of [10, 20, 30, 400]) clock.after(milliseconds(time), () => say(`${time}`));
    clock.after(milliseconds(5), () => {
      platform.time += 500;
    });
    assert.equal(await loop.run(ms(390)), "reached");
    assert.deepEqual(seen, ["10@10", "20@20", "30@30"]);
    assert.deepEqual(loop.forgiven, { milliseconds: 395, times: 1 });
    assert.equal(platform.time, 505 + 280, "from 110 ms on in step with the wall");
    assert.equal(scheduler.now, 390e6);
  });

  test("an input comes at the time it is outside, and ends the sleep", async () => {
    const { loop, inputs, platform, say, seen } = world({ speed: 1, isOpen: () => true });
    inputs.door("d", () => {
      say("input");
      loop.stop();
    });
    platform.onEndless = () => {
      platform.time += 70;
      inputs.submit("d", "x");
    };
    assert.equal(await loop.run(), "stopped");
    assert.deepEqual(seen, ["input@70"]);
  });

  test("an input that is read after the machine stood still does not wait for the time that is forgiven", async () => {
    const { loop, clock, inputs, platform, scheduler, say, seen } = world({ speed: 1 });
    inputs.door("d", () => say("input"));
    for (const time of [10, 20]) clock.after(milliseconds(time), () => say(`${time}`));
    const { sleep } = platform;
    platform.sleep = (length) => {
      platform.sleep = sleep;
      platform.time += 4000;
      inputs.submit("d", "x");
      return platform.sleep(length - 10);
    };
    assert.equal(await loop.run(ms(200)), "reached");
    assert.deepEqual(seen, ["10@10", "20@20", "input@110"]);
    assert.deepEqual(loop.forgiven, { milliseconds: 3890, times: 1 });
    assert.equal(platform.time, 4000 + 90);
    assert.equal(scheduler.now, 200e6);
  });

  test("tells the time that it is between two looks at the clock, never past an event that is not done", async () => {
    const { loop, clock, platform, scheduler } = world({ speed: 2 });
    assert.equal(loop.now, 0);
    clock.after(milliseconds(100), () => {});
    const told: number[] = [];
    platform.sleep = () => {
      platform.time += 30;
      told.push(loop.now / 1e6, scheduler.now / 1e6);
      return { done: Promise.resolve(), wake: () => {} };
    };
    await loop.run(ms(100));
    assert.deepEqual(told, [60, 0, 99.999999, 60]);
  });

  test("pause, step and go on", async () => {
    const { loop, clock, platform, scheduler, say, seen } = world({ speed: 1 });
    for (const time of [10, 20, 30]) clock.after(milliseconds(time), () => say(`${time}`));
    clock.after(milliseconds(15), () => loop.pause());
    platform.onEndless = () => {
      platform.onEndless = () => loop.resume();
      platform.time += 10_000;
      void loop.step().then(() => say("stepped"));
    };
    assert.equal(await loop.run(ms(100)), "reached");
    assert.deepEqual(seen, ["10@10", "20@20", "stepped@20", "30@30"]);
    assert.equal(scheduler.now, 100e6);
    assert.equal(loop.forgiven.times, 0, "a pause is no debt");
  });

  test("the speed can be changed, to as fast as it can and back", async () => {
    const { loop, clock, platform, say, seen } = world({ speed: 1 });
    clock.after(seconds(10), () => say("far"));
    clock.after(milliseconds(1), () => {
      loop.speed = "max";
    });
    clock.after(seconds(20), () => {
      loop.speed = 1000;
    });
    assert.equal(await loop.run(ms(21_000)), "reached");
    assert.deepEqual(seen, ["far@10000"]);
    assert.deepEqual(platform.slept, [1, 1]);
    assert.equal(loop.speed, 1000);
  });
});

test("a stop in real time ends at the time that it is, or before an event that is late, and a replay is as long", async () => {
  const record: Input[] = [];
  const run = async (
    at: number,
    lateAt: number,
    { loop, inputs, platform, scheduler, clock, say, seen } = world({ speed: 1, isOpen: () => true }),
  ) => {
    inputs.onInput = (input) => record.push(input);
    inputs.door("d", () => say("input"));
    clock.after(milliseconds(lateAt), () => say("late"));
    platform.onEndless = () => {};
    platform.sleep = () => {
      platform.time = 70;
      if (inputs.waiting === 0 && seen.length === 0) inputs.submit("d", "x");
      else {
        platform.time = at;
        loop.stop();
      }
      return { done: Promise.resolve(), wake: () => {} };
    };
    assert.equal(await loop.run(ms(9000)), "stopped");
    return { seen, now: scheduler.now };
  };
  assert.deepEqual(await run(3500, 4000), { seen: ["input@70"], now: 3500e6 });
  assert.deepEqual(await run(3500, 3000), { seen: ["input@70"], now: 3000e6 - 1 });
  assert.deepEqual(await run(9500, 9200), { seen: ["input@70"], now: 9000e6 });
  const replayed = world();
  replayed.inputs.door("d", () => replayed.say("input"));
  replayed.inputs.replay(record.slice(0, 1));
  await replayed.loop.run(ms(3500));
  assert.deepEqual([replayed.seen, replayed.scheduler.now], [["input@70"], 3500e6]);
});

test("a stop finishes the instant that has begun", async () => {
  const { loop, scheduler, say, seen } = world();
  scheduler.arm(new Timer("a", () => loop.stop()), ms(5));
  scheduler.arm(new Timer("b", () => say("b")), ms(5));
  scheduler.arm(new Timer("c", () => say("c")), ms(6));
  assert.equal(await loop.run(), "stopped");
  assert.deepEqual(seen, ["b@5"]);
  assert.equal(await loop.run(), "idle");
});

test("a watched condition ends its wait after the first event that makes it true", async () => {
  const { loop, scheduler, say, seen } = world();
  let count = 0;
  for (let time = 1; time <= 100; time++) scheduler.arm(new Timer("tick", () => count++), ms(time));
  void loop.watch(() => count === 7).then(() => say("seven"));
  const failed = loop.watch(() => {
    if (count === 9) throw new Error("nine");
    return false;
  });
  await Promise.all([assert.rejects(failed, /nine/), loop.run(ms(200))]);
  await loop.watch(() => count === 100);
  assert.deepEqual(seen, ["seven@7"]);
});

describe("work outside the network", () => {
  test("time stands still until it is done, and results come in the order it was given", async () => {
    const slow: SlowHold[] = [];
    const { loop, clock, works, platform, say, seen } = world({ onSlowHold: (hold) => slow.push(hold) });
    const finish: (() => void)[] = [];
    const give = (name: string) => works.work(new Promise<void>((resolve) => finish.push(resolve)), name);
    const program = async () => {
      await clock.sleep(milliseconds(1));
      const pieces = ["gzip", "hash"].map(async (name) => {
        await give(name);
        say(name);
        await Promise.resolve();
        say(`${name} after`);
      });
      await Promise.all(pieces);
      await assert.rejects(works.work(Promise.reject(new Error("broken")), "bad"), /broken/);
    };
    clock.after(milliseconds(1), () => say("event"));
    clock.after(milliseconds(2), () => say("later"));
    platform.onEndless = () => {
      for (const resolve of finish.splice(0).reverse()) resolve();
    };
    await Promise.all([program(), loop.run()]);
    assert.deepEqual(seen, ["event@1", "gzip@1", "gzip after@1", "hash@1", "hash after@1", "later@2"]);
    assert.deepEqual(
      slow.map(({ names, milliseconds }) => [names, milliseconds]),
      [[["gzip", "hash"], 5000]],
    );
  });

  test("under the paced clock the moment at which it is done is an input, and a replay keeps to it", async () => {
    const record: Input[] = [];
    const run = async ({ loop, clock, works, say }: ReturnType<typeof world>, result: Promise<void>) => {
      const program = async () => {
        await clock.sleep(milliseconds(1));
        await works.work(result, "hash");
        say("hash");
      };
      clock.after(milliseconds(10), () => say("event"));
      await Promise.all([program(), loop.run(ms(20))]);
    };
    const live = world({ speed: 1 });
    live.inputs.onInput = (input) => record.push(input);
    let finish = () => {};
    live.clock.after(milliseconds(5), () => finish());
    await run(live, new Promise((resolve) => (finish = resolve)));
    assert.deepEqual(live.seen, ["hash@5.000001", "event@10"]);
    assert.equal(record.length, 1);

    for (const result of [Promise.resolve(), new Promise<void>((resolve) => (finish = resolve))]) {
      const replayed = world();
      replayed.inputs.replay(record);
      replayed.works.holding = false;
      replayed.platform.onEndless = () => finish();
      await run(replayed, result);
      assert.deepEqual(replayed.seen, live.seen);
    }
  });

  test("a loop that always holds lets time stand at any speed, results are no inputs, and a step waits for them", async () => {
    const { loop, clock, inputs, works, platform, say, seen } = world({ speed: 1, alwaysHolds: true });
    let finish = () => {};
    const program = async () => {
      await clock.sleep(milliseconds(1));
      await works.work(new Promise<void>((resolve) => (finish = resolve)), "hash");
      say("hash");
    };
    inputs.onInput = () => assert.fail("no input");
    platform.onEndless = () => {};
    const sleep = platform.sleep.bind(platform);
    platform.sleep = (length) => {
      if (length > 1000) finish();
      return sleep(length);
    };
    clock.after(milliseconds(2), () => say("event"));
    void program();
    assert.ok(await loop.step(), "the program wakes");
    assert.ok(await loop.step(), "the event comes after the result");
    assert.deepEqual(seen, ["hash@1", "event@2"]);
    assert.equal(await loop.step(), false);
  });
});
