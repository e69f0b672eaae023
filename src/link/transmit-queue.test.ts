import assert from "node:assert/strict";
import test from "node:test";
import { Bench, drops, lines } from "../../test/fixtures/link.ts";
import { milliseconds } from "../time/instant.ts";
import { QUEUE_LIMIT } from "./transmit-queue.ts";

/** Frames of 976 bytes take 1000 octet times: 1 ms at 8 Mbit/s. */
const LENGTH = 976;
const RATE = 8_000_000;

function line(options: { rate?: number; queue?: number } = {}) {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  const cable = bench.cable(a, b, { rate: RATE, ...options });
  const arrivals = bench.collect(b);
  const send = (count: number) => {
    for (let number = 0; number < count; number++) bench.send(a, b, number, LENGTH);
  };
  return { bench, a, b, cable, arrivals, send };
}

test("the queue holds its limit beside the frame on the line; the next is dropped at the tail", () => {
  const { a, bench, arrivals, send } = line({ queue: 3 });
  send(3);
  assert.ok(!a.isFull);
  send(1);
  assert.ok(a.isFull);
  assert.deepEqual(a.queued, { packets: 3, bytes: 3 * LENGTH });
  send(2);
  assert.deepEqual(drops(a), { "queue-full": 2 });
  bench.run();
  assert.equal(arrivals.length, 4);
  assert.ok(!a.isFull);
  assert.deepEqual(a.queued, { packets: 0, bytes: 0 });
  assert.equal(bench.pool.inUse, 0);
});

test("unless told a thousand frames wait, and without a rate none ever does", () => {
  const limited = line();
  limited.send(2000);
  assert.equal(limited.a.queued.packets, QUEUE_LIMIT);
  const unlimited = line({ rate: Number.POSITIVE_INFINITY });
  unlimited.send(2000);
  assert.ok(unlimited.a.hasRoom && !unlimited.a.isFull);
  assert.equal(unlimited.a.queued.packets, 0);
  unlimited.bench.run();
  assert.equal(unlimited.arrivals.length, 2000);
});

test("there is room while at most one frame waits, or less than 1 ms of the line's time", () => {
  const slow = line();
  const room = [0, 1, 2, 3].map(() => {
    slow.send(1);
    return slow.a.hasRoom;
  });
  assert.deepEqual(room, [true, true, false, false], "on the line, one waits, two wait, three");
  const fast = line({ rate: 100_000_000 });
  let waiting = -1;
  for (; fast.a.hasRoom; waiting++) fast.send(1);
  assert.equal(waiting, Math.ceil(12_500 / LENGTH), "1 ms at 100 Mbit/s are 12,500 bytes");
});

test("out-taps see a frame when the line takes it, not when it is queued", () => {
  const { a, bench, send } = line();
  const tap = lines();
  a.addTap(tap);
  send(3);
  assert.deepEqual(tap.seen, ["0 a.eth0 out"]);
  assert.equal(a.counters.sentFrames, 1);
  bench.run();
  assert.deepEqual(tap.seen, ["0 a.eth0 out", "1000000 a.eth0 out", "2000000 a.eth0 out"]);
});

test("a waiter is called once, when the queue has fallen below the mark", () => {
  const { a, bench, send } = line();
  const called: number[] = [];
  const waiter = () => called.push(bench.scheduler.now);
  send(5);
  a.whenRoom(waiter);
  a.whenRoom(waiter);
  bench.run();
  assert.deepEqual(called, [3_000_000], "four waited, and the fourth is on the line");
});

test("a waiter is called by an event of its own when there is room already", () => {
  const { a, bench } = line();
  let calls = 0;
  a.whenRoom(() => calls++);
  assert.equal(calls, 0);
  bench.run(0);
  assert.equal(calls, 1);
});

test("waiters take turns, in the order in which they came, and keep the line busy", () => {
  const { a, b, bench, arrivals } = line();
  const left = new Map(["x", "y", "z"].map((name, index) => [name, { index, frames: 5 }]));
  const starts = [...left.values()].map((sender) => {
    const start = () => {
      if (sender.frames-- > 0) bench.send(a, b, sender.index, LENGTH);
      if (sender.frames > 0) a.whenRoom(start);
    };
    return start;
  });
  bench.send(a, b, 9, LENGTH);
  bench.send(a, b, 9, LENGTH);
  bench.send(a, b, 9, LENGTH);
  for (const start of starts) a.whenRoom(start);
  bench.run();
  assert.equal(arrivals.map(({ number }) => number).join(""), "999012012012012012");
  assert.equal(arrivals.at(-1)?.at, milliseconds(18), "never a pause on the line");
});

test("waiters are called when the cable is pulled out, and when its rate goes up", () => {
  for (const change of ["unplug", "rate"]) {
    const { a, bench, cable, send } = line();
    const called: number[] = [];
    send(5);
    a.whenRoom(() => called.push(bench.scheduler.now));
    bench.at(1000, () => {
      if (change === "unplug") cable.unplug();
      else cable.setConditions("both", { rate: 1_000_000_000 });
      assert.deepEqual(called, [], "never within the call");
    });
    bench.run();
    assert.deepEqual(called, [1000]);
    assert.equal(bench.pool.inUse, 0);
  }
});

test("a smaller limit at run time keeps what waits already", () => {
  const { a, bench, arrivals, send } = line({ queue: 10 });
  send(8);
  a.queueLimit = 2;
  send(1);
  bench.run();
  assert.equal(arrivals.length, 8);
  assert.deepEqual(drops(a), { "queue-full": 1 });
});

test("a frame sent at the instant at which the line gets free goes behind those that wait", () => {
  const { a, b, bench, arrivals } = line();
  bench.at(1_000_000, () => bench.send(a, b, 3, LENGTH));
  bench.send(a, b, 1, LENGTH);
  bench.send(a, b, 2, LENGTH);
  bench.run();
  assert.deepEqual(
    arrivals.map(({ number, at }) => [number, at]),
    [
      [1, 1_000_000],
      [2, 2_000_000],
      [3, 3_000_000],
    ],
  );
});

test("a sender that waits for room loses nothing to its own queue, however short that is", () => {
  for (const queue of [0, 1, 2, 3]) {
    for (const rate of [RATE, 100_000_000_000]) {
      const { a, b, bench, arrivals } = line({ queue, rate });
      let sent = 0;
      const sendAll = () => {
        while (a.hasRoom && sent < 100) bench.send(a, b, sent++, LENGTH);
        if (sent < 100) a.whenRoom(sendAll);
      };
      sendAll();
      bench.run();
      assert.deepEqual(
        arrivals.map(({ number }) => number),
        Array.from({ length: 100 }, (_, number) => number),
      );
      assert.deepEqual(drops(a), {});
      assert.equal(arrivals.at(-1)?.at, rate === RATE ? milliseconds(100) : 8000, "and the line never pauses");
    }
  }
});

test("a full queue says so until the instant at which the line takes from it", () => {
  const { a, b, bench, send } = line({ queue: 1 });
  const told: boolean[] = [];
  bench.at(1_000_000, () => {
    told.push(a.isFull);
    bench.send(a, b, 0, LENGTH);
  });
  send(2);
  bench.at(1_000_000, () => told.push(a.isFull));
  bench.run();
  assert.deepEqual(told, [true, false]);
  assert.deepEqual(drops(a), { "queue-full": 1 });
});
