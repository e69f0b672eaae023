import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Bench, drops, lines } from "../../test/fixtures/link.ts";
import { AssertionError } from "../base/assert.ts";
import { type Duration, microseconds, milliseconds } from "../time/instant.ts";

const ns = (count: number) => count as Duration;

test("a frame arrives when its bits, preamble, FCS and gap included, and then the delay have passed", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b, { rate: 100_000_000, delay: milliseconds(1) });
  const arrivals = bench.collect(b);
  bench.send(a, b, 1, 1514);
  bench.run();
  // 1538 octets of 80 ns
  assert.deepEqual(
    arrivals.map(({ at, length }) => [at, length]),
    [[123_040 + 1_000_000, 1514]],
  );
});

test("frames sent at once follow each other on the line without a pause, and short ones count as 60 bytes", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b, { rate: 10_000_000 });
  const arrivals = bench.collect(b);
  for (const [number, length] of [20, 60, 61].entries()) bench.send(a, b, number, length);
  bench.run();
  assert.deepEqual(
    arrivals.map(({ at }) => at),
    [67_200, 134_400, 134_400 + 68_000],
  );
});

test("a rate that makes no whole nanoseconds is kept over a long burst", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b, { rate: 7_000_000_000 });
  const arrivals = bench.collect(b);
  for (let number = 0; number < 700; number++) bench.send(a, b, number, 1476);
  bench.run();
  // 700 frames of 1500 octets are 8.4 Mbit: 1.2 ms.
  assert.equal(arrivals.at(-1)?.at, 1_200_000);
  assert.equal(arrivals[0]?.at, 1714, "1714.28 ns");
  assert.equal(arrivals[6]?.at, 12_000);
});

test("over a cable of no length a frame arrives at the same instant, but never within the call that sent it", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b);
  const arrivals = bench.collect(b);
  bench.send(a, b);
  assert.equal(arrivals.length, 0);
  bench.run();
  assert.deepEqual(
    arrivals.map(({ at }) => at),
    [0],
  );
});

test("of frames that arrive at one instant by different cables the first to set out is the first", () => {
  const bench = new Bench();
  const seen: string[] = [];
  const ends = [1, 2, 3].map((number) => {
    const [from, to] = [bench.nic(`from${number}`), bench.nic(`to${number}`)];
    bench.cable(from, to, { delay: ns(100) });
    to.receiver = (packet) => {
      seen.push(`${to.device}@${bench.scheduler.now}`);
      packet.release();
    };
    return { from, to };
  });
  for (const index of [2, 0, 1, 2, 0]) {
    const { from, to } = ends[index] as (typeof ends)[0];
    bench.send(from, to);
  }
  bench.run();
  assert.deepEqual(seen, ["to3@100", "to1@100", "to2@100", "to3@100", "to1@100"]);
});

test("what a frame's arrival makes names it as its cause; what a timer makes names none", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  bench.cable(a, b);
  const causes: number[] = [];
  let cause = 0;
  b.receiver = (packet) => {
    cause = packet.id;
    packet.release();
    bench.send(b, a);
  };
  a.receiver = (packet) => {
    causes.push(packet.cause);
    packet.release();
  };
  bench.send(a, b);
  bench.run();
  assert.deepEqual(causes, [cause]);
  assert.equal(bench.pool.allocate(1).cause, 0);
});

test("a shorter delay lets no frame overtake those that set out before", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  const cable = bench.cable(a, b, { delay: milliseconds(10) });
  const arrivals = bench.collect(b);
  bench.send(a, b, 1);
  bench.at(1_000_000, () => {
    cable.setConditions("a-b", { delay: milliseconds(1) });
    bench.send(a, b, 2);
  });
  bench.at(20_000_000, () => bench.send(a, b, 3));
  bench.run();
  assert.deepEqual(
    arrivals.map(({ number, at }) => [number, at]),
    [
      [1, 10_000_000],
      [2, 10_000_000],
      [3, 21_000_000],
    ],
  );
});

test("a rate changed in mid-frame goes for the frames behind it", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  const cable = bench.cable(a, b, { rate: 10_000_000 });
  const arrivals = bench.collect(b);
  for (const number of [1, 2, 3, 4]) bench.send(a, b, number, 1476);
  bench.at(1000, () => cable.setConditions("a-b", { rate: 100_000_000 }));
  bench.at(1_300_000, () => cable.setConditions("a-b", { rate: Number.POSITIVE_INFINITY }));
  bench.run();
  assert.deepEqual(
    arrivals.map(({ number, at }) => [number, at]),
    [
      [1, 1_200_000],
      [2, 1_320_000],
      [3, 1_320_000],
      [4, 1_320_000],
    ],
  );
});

test("each way has its own conditions", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  const cable = bench.cable(a, b, { delay: microseconds(5) });
  cable.setConditions("b-a", { delay: microseconds(7), loss: 1 });
  assert.deepEqual(
    cable.directions.map(({ conditions }) => [conditions.delay, conditions.loss]),
    [
      [5000, 0],
      [7000, 1],
    ],
  );
  assert.deepEqual(
    cable.snapshot().directions.map(({ conditions }) => conditions.delay),
    [5000, 7000],
  );
  assert.equal(cable.name, "a.eth0-b.eth0");
});

test("a cut cable loses all, what is on its way too, and keeps its carrier; a healed one passes again", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  const cable = bench.cable(a, b, { delay: milliseconds(1) });
  const carrier: boolean[] = [];
  for (const nic of [a, b]) nic.onCarrier.push((up) => carrier.push(up));
  const [there, back] = [bench.collect(b), bench.collect(a)];
  bench.send(a, b, 1);
  bench.at(100, () => cable.cut("a-b"));
  bench.at(200, () => {
    bench.send(a, b, 2);
    bench.send(b, a, 3);
  });
  bench.at(300, () => {
    cable.heal();
    bench.send(a, b, 4);
  });
  bench.run();
  assert.deepEqual(
    there.map(({ number, at }) => [number, at]),
    [[4, 1_000_300]],
  );
  assert.deepEqual(
    back.map(({ number }) => number),
    [3],
    "the other way was whole",
  );
  assert.deepEqual(drops(a), { "cable-cut": 2 });
  assert.ok(a.carrier && b.carrier);
  assert.deepEqual(carrier, []);
  assert.equal(bench.pool.inUse, 0);
});

test("a Nic that is off gives neither end of its cable a carrier, whoever plugs it in, until it is on", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  const seen: string[] = [];
  for (const nic of [a, b]) nic.onCarrier.push((up) => seen.push(`${nic.device} ${up ? "up" : "down"}`));
  b.switch(false);
  const cable = bench.cable(a, b, { delay: milliseconds(1) });
  cable.unplug();
  cable.plug();
  assert.deepEqual([cable.plugged, a.carrier, b.carrier, seen], [true, false, false, []]);
  b.switch(true);
  b.switch(true);
  assert.deepEqual(seen.splice(0), ["a up", "b up"]);
  bench.send(a, b);
  b.switch(false);
  assert.deepEqual(seen.splice(0), ["a down", "b down"]);
  assert.deepEqual(Object.fromEntries(a.counters.drops), { "no-carrier": 1 });
  cable.unplug();
  b.switch(true);
  assert.deepEqual(seen, []);
  bench.run();
  assert.equal(bench.pool.inUse, 0);
});

test("an unplugged cable takes the carrier and all that waits or flies; plugged in again it is as new", () => {
  const bench = new Bench();
  const [a, b] = [bench.nic("a"), bench.nic("b")];
  const cable = bench.cable(a, b, { delay: milliseconds(1), rate: 1_000_000 });
  const tap = lines();
  a.addTap(tap);
  for (const nic of [a, b]) nic.onCarrier.push((up) => tap.seen.push(`${nic.device} ${up ? "up" : "down"}`));
  const arrivals = bench.collect(b);
  for (const number of [1, 2, 3]) bench.send(a, b, number, 976);
  // The first is on its way, the second on the line, the third waits.
  bench.at(8_500_000, () => {
    cable.unplug();
    cable.unplug();
    bench.send(a, b, 4);
  });
  bench.at(8_600_000, () => {
    cable.plug();
    bench.send(a, b, 5, 976);
  });
  bench.run();
  assert.deepEqual(tap.seen, [
    "0 a.eth0 out",
    "8000000 a.eth0 out",
    ...["no-carrier", "no-carrier", "no-carrier"].map((reason) => `8500000 a.eth0 drop ${reason}`),
    ...["a down", "b down", "8500000 a.eth0 drop no-carrier", "a up", "b up", "8600000 a.eth0 out"],
  ]);
  assert.deepEqual(
    arrivals.map(({ number, at }) => [number, at]),
    [[5, 8_600_000 + 8_000_000 + 1_000_000]],
  );
  assert.equal(bench.pool.inUse, 0);
});

test("a Nic takes one cable, and a cable sensible conditions", () => {
  const bench = new Bench();
  const [a, b, c] = [bench.nic("a"), bench.nic("b"), bench.nic("c")];
  const cable = bench.cable(a, b);
  assert.throws(() => bench.cable(a, c), AssertionError);
  const wrong = [{ delay: ns(-1) }, { delay: ns(0.5) }, { loss: 1.1 }, { rate: 0 }, { jitter: ns(Number.NaN) }];
  for (const changes of wrong) assert.throws(() => cable.setConditions("both", changes), AssertionError);
  assert.deepEqual(cable.directions[0].conditions.loss, 0);
});

test("without faults frames arrive once each, in order, when an independent formula says", () => {
  const sending = fc.record({ after: fc.integer({ min: 0, max: 20_000 }), length: fc.integer({ min: 14, max: 1514 }) });
  const rates = fc.oneof(fc.constantFrom(1e6, 1e7, 1e8, 1e9, Infinity), fc.integer({ min: 1e5, max: 2e9 }));
  const mix = fc.array(sending, { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(mix, rates, fc.nat(3_000_000), fc.boolean(), (sendings, rate, delay, tapped) => {
      const bench = new Bench();
      const [a, b] = [bench.nic("a"), bench.nic("b")];
      bench.cable(a, b, { rate, delay: ns(delay) });
      for (const nic of tapped ? [a, b] : []) nic.addTap(lines());
      const arrivals = bench.collect(b);
      const expected: [number, number][] = [];
      let now = 0;
      // The line's backlog in exact fractions: the burst began at `since`, and so many bits of it were sent.
      let [since, bits] = [0, 0n];
      sendings.forEach(({ after, length }, number) => {
        now += after;
        bench.at(now, () => bench.send(a, b, number, Math.max(length, 18)));
        const perNanosecond = rate === Infinity ? 0n : BigInt(rate);
        const end = perNanosecond === 0n ? now : since + Number((bits * 1_000_000_000n) / perNanosecond);
        if (end < now) [since, bits] = [now, 0n];
        bits += BigInt(8 * (24 + Math.max(60, length, 18)));
        const sent = perNanosecond === 0n ? now : since + Number((bits * 1_000_000_000n) / perNanosecond);
        expected.push([number, sent + delay]);
      });
      bench.run();
      assert.deepEqual(
        arrivals.map(({ number, at }) => [number, at]),
        expected,
      );
      assert.equal(bench.pool.inUse, 0);
    }),
    { numRuns: 200 },
  );
});

test("whatever changes at run time, without reordering none overtakes another, and all are accounted for", () => {
  const conditions = fc.record(
    {
      delay: fc.nat(1_000_000).map(ns),
      jitter: fc.nat(1_000_000).map(ns),
      rate: fc.constantFrom(1e6, 1e8, 3e9, Infinity),
      loss: fc.constantFrom(0, 0.3),
      duplication: fc.constantFrom(0, 0.3),
      cut: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const plug = fc.boolean();
  const sending = fc.integer({ min: 60, max: 1514 });
  const step = fc.record({ after: fc.nat(200_000), what: fc.oneof(sending, sending, sending, conditions, plug) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), fc.nat(1000), (steps, seed) => {
      const bench = new Bench(seed);
      const [a, b] = [bench.nic("a"), bench.nic("b")];
      const cable = bench.cable(a, b, { queue: 5 });
      const arrivals = bench.collect(b);
      let [now, sent] = [0, 0];
      for (const { after, what } of steps) {
        now += after;
        bench.at(now, () => {
          if (typeof what === "number") bench.send(a, b, sent++, what);
          else if (typeof what === "boolean") what ? cable.plug() : cable.unplug();
          else cable.setConditions("a-b", what);
        });
      }
      bench.run();
      const numbers = arrivals.map(({ number }) => number);
      assert.ok(numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] as number)));
      const dropped = Object.values(drops(a)).reduce((sum, count) => sum + count, 0);
      assert.ok(new Set(numbers).size <= sent && numbers.length + dropped >= sent);
      assert.deepEqual([bench.pool.inUse, cable.directions[0].inFlight, a.queued.packets], [0, 0, 0]);
    }),
    { numRuns: 200 },
  );
});
