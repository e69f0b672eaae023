import assert from "node:assert/strict";
import { test } from "node:test";
import { type Arrival, Bench, drops, lines } from "../../test/fixtures/link.ts";
import { LARGE_PACKET, SMALL_PACKET } from "../packet/packet-pool.ts";
import { type Duration, microseconds, milliseconds, NEVER } from "../time/instant.ts";
import type { CableOptions } from "./cable.ts";
import { BATCH_LIMIT, IN_FLIGHT_LIMIT_WITHOUT_RATE } from "./cable-direction.ts";
import type { Nic } from "./nic.ts";
import { NO_OFFLOAD } from "./offload.ts";

const FRAMES = 20_000;
const SEEDS = [1, 2, 3];

interface Run {
  readonly bench: Bench;
  readonly a: Nic;
  readonly b: Nic;
  readonly arrivals: Arrival[];
}

/** One frame each 10 µs over a cable with those conditions. */
function run(seed: number, options: CableOptions, setUp: (run: Run) => void = () => {}): Run {
  const bench = new Bench(seed);
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b, options);
  const made = { bench, a, b, arrivals: bench.collect(b) };
  setUp(made);
  for (let number = 0; number < FRAMES; number++) bench.at(number * 10_000, () => bench.send(a, b, number));
  bench.run();
  assert.equal(bench.pool.inUse, 0, "every packet is back in the pool");
  return made;
}

/** A count of independent draws lies within five standard deviations of what is expected. */
function assertLikely(count: number, probability: number): void {
  const deviation = Math.sqrt(FRAMES * probability * (1 - probability));
  const expected = FRAMES * probability;
  assert.ok(Math.abs(count - expected) < 5 * deviation, `${count} is not about ${expected}`);
}

const isSorted = (numbers: number[]) => numbers.every((number, index) => index === 0 || number >= numbers[index - 1]!);
const numbersOf = (arrivals: Arrival[]) => arrivals.map(({ number }) => number);

for (const seed of SEEDS) {
  test(`loss drops the given share of frames, and taps at the sender see which (seed ${seed})`, () => {
    const tap = lines();
    const { a, arrivals } = run(seed, { loss: 0.1 }, ({ a }) => a.addTap(tap));
    assertLikely(FRAMES - arrivals.length, 0.1);
    assert.deepEqual(drops(a), { "cable-loss": FRAMES - arrivals.length });
    assert.equal(a.counters.sentFrames, FRAMES, "a lost frame was sent");
    assert.equal(tap.seen.filter((line) => line.endsWith("a.eth0 drop cable-loss")).length, FRAMES - arrivals.length);
    assert.ok(isSorted(numbersOf(arrivals)));
  });

  test(`duplication brings a frame again, right behind the first (seed ${seed})`, () => {
    const { arrivals } = run(seed, { duplication: 0.2, delay: microseconds(50) });
    assertLikely(arrivals.length - FRAMES, 0.2);
    assert.equal(new Set(numbersOf(arrivals)).size, FRAMES);
    assert.ok(isSorted(numbersOf(arrivals)));
    assert.ok(arrivals.every(({ at, number }) => at === number * 10_000 + 50_000));
  });

  test(`jitter spreads the delay evenly and keeps the order (seed ${seed})`, () => {
    const delay = microseconds(100);
    const { arrivals } = run(seed, { delay, jitter: microseconds(9) });
    const extras = arrivals.map(({ at, number }) => at - number * 10_000 - delay);
    assert.ok(extras.every((extra) => extra >= 0 && extra <= 9000));
    for (let quarter = 0; quarter < 4; quarter++) {
      assertLikely(extras.filter((extra) => Math.floor(extra / 2250.25) === quarter).length, 0.25);
    }
    const crowded = run(seed, { delay, jitter: milliseconds(1) }).arrivals;
    assert.ok(isSorted(numbersOf(crowded)), "also when it is longer than frames are apart");
    assert.ok(isSorted(crowded.map(({ at }) => at)));
    assert.ok(crowded.every(({ at, number }) => at - number * 10_000 <= delay + 1_000_000));
  });

  test(`reordering holds frames back, and those behind pass (seed ${seed})`, () => {
    const { arrivals } = run(seed, { reordering: 0.05, delay: milliseconds(1) });
    assert.equal(arrivals.length, FRAMES);
    const held = arrivals.filter(({ at, number }) => at !== number * 10_000 + 1_000_000);
    assertLikely(held.length, 0.05);
    assert.ok(
      held.every(({ at, number }) => at === number * 10_000 + 2_000_000),
      "for as long as the delay again",
    );
    assert.ok(isSorted(numbersOf(arrivals.filter(({ at, number }) => at === number * 10_000 + 1_000_000))));
    assert.ok(!isSorted(numbersOf(arrivals)));
    const short = run(seed, { reordering: 0.05, reorderDelay: microseconds(25) }).arrivals;
    assert.ok(short.every(({ at, number }) => [0, 25_000].includes(at - number * 10_000)));
    const least = run(seed, { reordering: 0.05 }).arrivals;
    assert.ok(
      least.every(({ at, number }) => [0, 1_000_000].includes(at - number * 10_000)),
      "1 ms at least",
    );
  });

  test(`corruption turns one bit, which the FCS shows to the next Nic (seed ${seed})`, () => {
    let [bad, turned] = [0, 0];
    const tap = {
      saw(_now: number, nic: Nic, direction: string, packet: { data(): Uint8Array; corrupted: boolean }) {
        if (direction !== "drop") return;
        assert.equal(nic.device, "b");
        assert.ok(packet.corrupted);
        bad++;
        // Headers and zeros, but for the number: only what must be 0 is looked at.
        for (const byte of packet.data().subarray(18)) turned += byte.toString(2).replaceAll("0", "").length;
      },
    };
    const { b, arrivals } = run(seed, { corruption: 0.05 }, ({ b }) => b.addTap(tap));
    assertLikely(FRAMES - arrivals.length, 0.05);
    assert.deepEqual(drops(b), { "fcs-error": bad });
    assert.equal(FRAMES - arrivals.length, bad);
    assert.ok(Math.abs(turned - bad * 0.82) < 5 * Math.sqrt(bad * 0.82 * 0.18), "each bit of 100 bytes alike");
    assert.ok(arrivals.every(({ corrupted }) => !corrupted));
  });

  test(`corruption past the FCS delivers the frame with its bit turned (seed ${seed})`, () => {
    const { b, arrivals } = run(seed, { corruption: 0.05, pastFcs: true }, ({ b }) => {
      b.promiscuous = true;
    });
    assert.equal(arrivals.length, FRAMES);
    assertLikely(arrivals.filter(({ corrupted }) => corrupted).length, 0.05);
    assert.deepEqual(drops(b), {});
  });
}

const EVERYTHING: CableOptions = {
  rate: 90_000_000,
  delay: microseconds(300),
  loss: 0.05,
  duplication: 0.05,
  reordering: 0.05,
  corruption: 0.05,
  jitter: microseconds(100),
  queue: 5,
};

test("all faults at once: every frame is accounted for", () => {
  const { a, b, arrivals } = run(4, EVERYTHING);
  const { "cable-loss": lost = 0, "queue-full": crowded = 0, ...others } = drops(a);
  assert.deepEqual(others, {});
  const { "fcs-error": bad = 0 } = drops(b);
  assert.equal(a.counters.sentFrames + crowded, FRAMES);
  const copies = arrivals.length + bad - (a.counters.sentFrames - lost);
  assert.ok(copies > 0.03 * FRAMES && copies < 0.07 * FRAMES, "what is too many are the copies");
  assert.equal(b.counters.receivedFrames, arrivals.length);
});

test("equal seeds give equal runs, watched or not; another seed gives another", () => {
  const quiet = run(5, EVERYTHING).arrivals;
  const watched = run(5, EVERYTHING, ({ a, b }) => {
    for (const nic of [a, b]) nic.addTap(lines());
  }).arrivals;
  assert.deepEqual(watched, quiet);
  assert.notDeepEqual(run(6, EVERYTHING).arrivals, quiet);
});

test("a cable draws from its own stream: another cable beside it changes nothing", () => {
  const alone = run(7, { loss: 0.5 }).arrivals;
  const beside = run(7, { loss: 0.5 }, ({ bench }) => {
    const [c, d] = [bench.nic("c"), bench.nic("d")];
    bench.cable(c, d, { loss: 0.5 });
    bench.collect(d);
    for (let number = 0; number < 100; number++) bench.at(number * 7777, () => bench.send(c, d));
  }).arrivals;
  assert.deepEqual(beside, alone);
});

test("faults that end leave the order as it is: a held-back frame comes late, the others in order", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  const cable = bench.cable(a, b, { delay: milliseconds(2), reordering: 1, reorderDelay: milliseconds(5) });
  const arrivals = bench.collect(b);
  bench.send(a, b, 1);
  bench.at(1000, () => {
    cable.setConditions("both", { reordering: 0, delay: 0 as Duration });
    bench.send(a, b, 2);
  });
  bench.at(2000, () => {
    cable.setConditions("both", { reordering: 1, reorderDelay: milliseconds(1) });
    bench.send(a, b, 3);
  });
  bench.run();
  assert.deepEqual(
    arrivals.map(({ number, at }) => [number, at]),
    [
      [2, 1000],
      [3, 1_002_000],
      [1, 7_000_000],
    ],
  );
});

test("more memory on its way than the limit is dropped, and senders are told before and called when it is over", () => {
  for (const length of [100, 65_000]) {
    const bench = new Bench();
    const [a, b] = [bench.nic("a", { mtu: 65_535 }), bench.nic("b")];
    bench.cable(a, b, { delay: milliseconds(1) });
    const arrivals = bench.collect(b);
    const limit = Math.ceil(IN_FLIGHT_LIMIT_WITHOUT_RATE / (length > 2000 ? LARGE_PACKET : SMALL_PACKET));
    let sent = 0;
    const sendAll = () => {
      while (a.hasRoom && sent < 3 * limit) bench.send(a, b, sent++, length);
      if (sent < 3 * limit) a.whenRoom(sendAll);
    };
    sendAll();
    assert.equal(sent, Math.floor(limit / 2) + 1);
    while (!a.isFull) bench.send(a, b, sent++, length);
    assert.equal(sent, limit);
    bench.send(a, b, 0, length);
    assert.deepEqual(drops(a), { "queue-full": 1 });
    bench.run();
    assert.equal(arrivals.length, 3 * limit);
    assert.ok(arrivals.every(({ number }, index) => number === index));
    assert.equal(bench.pool.inUse, 0);
  }
});

test("frames that arrive together keep their places among all events of the instant", () => {
  const bench = new Bench();
  const [a, b, c, d] = [bench.nic("a"), bench.nic("b"), bench.nic("c"), bench.nic("d")];
  bench.cable(a, b, { delay: microseconds(1) });
  bench.cable(c, d, { delay: microseconds(1) });
  const order: string[] = [];
  for (const nic of [b, d]) {
    nic.receiver = (packet) => {
      order.push(`${nic.device}${packet.view.getUint32(packet.start + 14)}`);
      packet.release();
    };
  }
  for (const [from, to, number] of [
    [a, b, 1],
    [a, b, 2],
    [c, d, 3],
    [a, b, 4],
    [c, d, 5],
    [c, d, 6],
  ] as const) {
    bench.send(from, to, number);
  }
  bench.at(1000, () => order.push("timer"));
  bench.run();
  assert.deepEqual(order, ["b1", "b2", "d3", "b4", "d5", "d6", "timer"]);
});

test("a frame that comes back at the same instant does not pass those that were sent before it", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b);
  const order: string[] = [];
  b.receiver = (packet) => {
    const number = packet.view.getUint32(packet.start + 14);
    order.push(`b${number}`);
    packet.release();
    if (number < 3) bench.send(b, a, number + 10);
    if (number === 1) bench.send(a, b, 4);
  };
  a.receiver = (packet) => {
    order.push(`a${packet.view.getUint32(packet.start + 14)}`);
    packet.release();
  };
  for (const number of [1, 2, 3]) bench.send(a, b, number);
  bench.run();
  assert.deepEqual(order, ["b1", "b2", "b3", "a11", "b4", "a12"]);
  assert.equal(bench.pool.inUse, 0);
});

test("a batch is told of its end where the cable coalesces, and holds at most so many frames, whatever the budget", () => {
  for (const budget of [1, Number.POSITIVE_INFINITY]) {
    const bench = new Bench();
    const [a, b] = [bench.nic("a"), bench.nic("b")];
    bench.cable(a, b, { offload: { ...NO_OFFLOAD, coalescing: true } });
    const batches: number[] = [];
    let count = 0;
    b.receiver = (packet) => {
      assert.ok(b.inBatch);
      count++;
      packet.release();
    };
    b.onBatchEnd = () => {
      batches.push(count);
      count = 0;
    };
    for (let number = 0; number < BATCH_LIMIT + 5; number++) bench.send(a, b, number);
    while (bench.scheduler.runUntil(NEVER, budget) === "budget");
    assert.deepEqual(batches, [BATCH_LIMIT, 5]);
    assert.ok(!b.inBatch);
  }
});

test("without coalescing nobody is told of batches", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b);
  const batched: boolean[] = [];
  b.receiver = (packet) => {
    batched.push(b.inBatch);
    packet.release();
  };
  b.onBatchEnd = () => assert.fail("there is no batch");
  for (let number = 0; number < 3; number++) bench.send(a, b, number);
  bench.run();
  assert.deepEqual(batched, [false, false, false]);
});

test("a loop of frames without delay is a livelock all the same", () => {
  const bench = new Bench(1, 5000);
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b);
  for (const nic of [a, b]) nic.receiver = (packet) => nic.transmit(packet);
  a.promiscuous = b.promiscuous = true;
  for (let number = 0; number < 100; number++) bench.send(a, b, number);
  assert.throws(() => bench.run(), /time stands still.*cable a.eth0-b.eth0/);
});

test("of frames on their way one is taken, one comes twice, one is held back until others have passed", () => {
  const bench = new Bench(1);
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  const cable = bench.cable(a, b, { delay: milliseconds(5) });
  const arrivals = bench.collect(b);
  for (let number = 0; number < 5; number++) bench.at(number * 1_000_000, () => bench.send(a, b, number));
  bench.run(4_500_000);
  const [way] = cable.directions;
  const ids: number[] = [];
  way.eachInFlight((id) => ids.push(id));
  assert.equal(ids.length, 5);
  assert.equal(way.holdUp(ids[0]!, microseconds(1500)), true);
  assert.equal(way.take(ids[1]!), true);
  assert.equal(way.duplicate(ids[3]!), true);
  assert.equal(way.take(ids[1]!), false, "it is not there any more");
  assert.equal(way.take(ids[4]!), true);
  assert.equal(way.inFlight, 4);
  bench.run();
  assert.deepEqual(
    arrivals.map(({ number, at }) => [number, at]),
    [
      [0, 6_500_000],
      [2, 7_000_000],
      [3, 8_000_000],
      [3, 8_000_000],
    ],
  );
  assert.deepEqual(drops(a), { "cable-taken": 2 });
  assert.equal(bench.pool.inUse, 0);
  assert.equal(way.duplicate(ids[0]!), false);
});
