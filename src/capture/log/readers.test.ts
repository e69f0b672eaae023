import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { MacAddress } from "../../address/mac.ts";
import { Random } from "../../base/random.ts";
import { Cable } from "../../link/cable.ts";
import { Nic } from "../../link/nic.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { type Instant, milliseconds, NEVER } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import { crossings } from "./crossings.ts";
import { DROP, OUT } from "./event-chunk.ts";
import { EventLog } from "./event-log.ts";
import { histogram } from "./histogram.ts";
import { TrafficMeter } from "./traffic-meter.ts";

/** Frames each way over a cable with faults, at times by chance. */
function traffic(seed: number, frames: number) {
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const nics = [1, 2].map((mac) => {
    const nic = new Nic({ device: `pc${mac}`, name: "eth0", mac: mac as MacAddress, scheduler, pool });
    nic.index = mac - 1;
    nic.promiscuous = true;
    nic.receiver = (packet) => packet.release();
    return nic;
  });
  const [a, b] = nics as [Nic, Nic];
  const random = new Random(seed);
  const cable = new Cable(a, b, {
    ...{ scheduler, pool, random, queue: 5, rate: 10e6, delay: milliseconds(5) },
    ...{ loss: 0.2, jitter: milliseconds(2), duplication: 0.1, reordering: 0.1 },
  });
  const log = new EventLog();
  for (const nic of nics) nic.addTap(log);
  for (let i = 0; i < frames; i++) {
    const timer = new Timer("a frame", () => (random.chance(0.5) ? a : b).transmit(pool.from(new Uint8Array(60 + i))));
    scheduler.arm(timer, random.below(20_000_000) as Instant);
  }
  return { scheduler, log, cable, nics };
}

const all = (log: EventLog) => Array.from({ length: log.next }, (_, event) => log.event(event));
const opposite = (nic: number): number => 1 - nic;

test("each frame that left is followed to where it came, or to why it did not", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 1, max: 40_000_000 }), (seed, until) => {
      const { scheduler, log, cable } = traffic(seed, 60);
      scheduler.runUntil(until as Instant);
      const events = all(log);
      const outs = events.filter(({ direction }) => direction === "out");
      const found = crossings(log, opposite, 0, log.next, 1000).crossings;
      assert.deepEqual(
        found.map(({ event }) => event),
        outs.map(({ event }) => event),
      );
      const flying = new Map<number, number>();
      for (const direction of cable.directions) direction.eachInFlight((id, arrives) => flying.set(id, arrives));
      for (const crossing of found) {
        const after = events.filter(({ packet, event }) => packet === crossing.packet && event > crossing.event);
        const came = after.find(({ direction, nic }) => direction === "in" && nic === opposite(crossing.nic));
        const died = after.find(({ direction, nic }) => direction === "drop" && nic === crossing.nic);
        assert.deepEqual([crossing.arrived, crossing.arrival, crossing.lost], [came?.at, came?.event, died?.reason]);
        assert.equal(flying.has(crossing.packet), came === undefined && died === undefined);
        assert.ok((flying.get(crossing.packet) ?? until) >= until);
      }
    }),
    { numRuns: 30 },
  );
});

test("only the newest crossings are told when they are many", () => {
  const { scheduler, log } = traffic(1, 60);
  scheduler.runUntil(NEVER);
  const whole = crossings(log, opposite, 0, log.next, 1000);
  const few = crossings(log, opposite, 0, log.next, 7);
  assert.deepEqual(few.crossings, whole.crossings.slice(-7));
  assert.equal(few.more, whole.crossings.length - 7);
  assert.deepEqual(
    crossings(log, opposite, 0, log.next, 7, whole.crossings.length),
    few,
    "as when their count is known",
  );
  assert.deepEqual(
    crossings(log, () => -1, 0, log.next, 7),
    { crossings: [], more: 0 },
  );
});

test("a histogram has each frame and each drop in its slice", () => {
  const { scheduler, log } = traffic(2, 4000);
  scheduler.runUntil(NEVER);
  const events = all(log);
  const times = fc.integer({ min: 0, max: 60_000_000 });
  fc.assert(
    fc.property(times, times, fc.integer({ min: 1, max: 50 }), (one, other, slices) => {
      const from = Math.min(one, other);
      const to = Math.max(one, other) + 1;
      const found = histogram(log, from, to, slices);
      const expected = { frames: new Array(slices).fill(0), drops: new Array(slices).fill(0) };
      for (const { at, direction } of events) {
        if (at < from || at >= to) continue;
        const slice = Math.min(slices - 1, Math.floor(((at - from) / (to - from)) * slices));
        if (direction === "out") expected.frames[slice]++;
        else if (direction === "drop") expected.drops[slice]++;
      }
      assert.deepEqual(found, expected);
    }),
  );
});

test("what a hub sends to whom it is not for is no loss", () => {
  const { log, cable, nics } = traffic(1, 0);
  const meter = new TrafficMeter(log, nics);
  const pool = new PacketPool();
  for (const reason of ["not-for-us", "fcs-error", "same-port", "not-for-us"] as const) {
    cable.a.drop(pool.from(new Uint8Array(60)), reason);
  }
  assert.deepEqual(
    all(log).map(({ reason }) => reason),
    ["not-for-us", "fcs-error", "same-port", "not-for-us"],
  );
  assert.deepEqual(histogram(log, 0, 1, 1), { frames: [0], drops: [1] });
  meter.look();
  assert.equal(meter.drops[cable.a.index], 1);
});

test("a meter counts what was sent and lost since it was last asked", () => {
  const { scheduler, log, nics } = traffic(3, 200);
  const meter = new TrafficMeter(log, nics);
  const sums = [0, 0, 0, 0, 0, 0];
  for (let time = 0; time < 60_000_000; time += 7_000_000) {
    scheduler.runUntil(time as Instant);
    meter.look();
    [...meter.frames, ...meter.bytes, ...meter.drops].forEach((count, index) => {
      sums[index] = (sums[index] as number) + count;
    });
  }
  const count = (nic: number, direction: number) =>
    all(log).filter((each) => each.nic === nic && log.direction(each.event) === direction);
  const bytes = (nic: number) => count(nic, OUT).reduce((sum, { length }) => sum + length, 0);
  const frames = [0, 1].map((nic) => count(nic, OUT).length);
  const drops = [0, 1].map((nic) => count(nic, DROP).length);
  assert.deepEqual(sums, [...frames, bytes(0), bytes(1), ...drops]);
  assert.equal(meter.look(), log.next, "nothing is counted twice");
});
