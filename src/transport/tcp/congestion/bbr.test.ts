import assert from "node:assert/strict";
import test from "node:test";
import { ackSample, Bottleneck, PACKET, type Path, type Sender } from "../../../../test/fixtures/bottleneck.ts";
import { Random } from "../../../base/random.ts";
import { Bbr } from "./bbr.ts";
import { Cubic } from "./cubic.ts";

const SECOND = 1e9;
const bbr = (seed = 1) => new Bbr(new Random(seed));

// 10 Mbit/s and 50 ms hold 62.5 packets.
const path = { rate: 1.25e6, roundTrip: 50e6, queue: 300 };
const HOLDS = 62_500;

function started(over: Partial<Path> = {}): { net: Bottleneck; flow: Sender } {
  const net = new Bottleneck({ ...path, ...over });
  return { net, flow: net.add(bbr()) };
}

/** Runs until a condition holds, a millisecond at a time. */
function until(net: Bottleneck, condition: () => boolean, seconds = 20): void {
  for (let slice = 0; slice < seconds * 1000; slice++) {
    if (condition()) return;
    net.run(1e6);
  }
  assert.fail("it never came");
}

/** The part of the path that a flow used. */
function use(net: Bottleneck, flow: Sender, seconds: number): number {
  const before = flow.delivered;
  net.run(seconds * SECOND);
  return (flow.delivered - before) / (net.path.rate * seconds);
}

test("startup doubles the rate each round and finds the bandwidth within a dozen", () => {
  const { net, flow } = started();
  until(net, () => flow.control.snapshot().phase !== "startup");
  const { bandwidth, round } = flow.control.snapshot();
  assert.ok((bandwidth as number) > 0.97 * path.rate && (bandwidth as number) < 1.03 * path.rate, `${bandwidth}`);
  assert.ok((round as number) <= 12, `${round}`);
});

test("drain empties the queue that startup filled, then bandwidth is probed", () => {
  const { net, flow } = started();
  until(net, () => flow.control.snapshot().phase === "drain");
  assert.ok(net.queued > 30, `${net.queued}`);
  assert.ok(flow.control.pacingRate < 0.4 * path.rate);
  until(net, () => flow.control.snapshot().phase === "probe bandwidth", 1);
  assert.ok(net.queued < 10, `${net.queued}`);
});

test("then the path is full and the queue short", () => {
  const { net, flow } = started();
  net.run(2 * SECOND);
  net.deepest = 0;
  assert.ok(use(net, flow, 7) > 0.99);
  assert.ok(net.deepest < 30, `${net.deepest}`);
  assert.equal(net.dropped, 0);
  assert.ok(flow.control.window > 2 * HOLDS && flow.control.window < 2.4 * HOLDS);
});

test("the gain cycle probes at 5/4, drains at 3/4 and cruises for six round trips", () => {
  const { net, flow } = started();
  net.run(2 * SECOND);
  const gains: number[] = [];
  until(net, () => flow.control.snapshot().pacingGain === 1.25);
  const began = net.now;
  until(net, () => {
    const gain = flow.control.snapshot().pacingGain as number;
    if (gain !== gains.at(-1)) gains.push(gain);
    return gains.length === 4;
  });
  assert.deepEqual(gains, [1.25, 0.75, 1, 1.25]);
  const rounds = (net.now - began) / path.roundTrip;
  assert.ok(rounds > 7 && rounds < 10, `${rounds}`);
});

test("the phase in which the cycle begins is the seed's, and never the one that drains", () => {
  const seen = new Set<number>();
  for (let seed = 1; seed <= 30; seed++) {
    const net = new Bottleneck(path);
    const flow = net.add(bbr(seed));
    until(net, () => flow.control.snapshot().phase === "probe bandwidth");
    seen.add(flow.control.snapshot().pacingGain as number);
  }
  assert.deepEqual([...seen].sort(), [1, 1.25]);
});

test("after 10 s without a lower round trip, four segments are in flight for 200 ms", () => {
  const { net, flow } = started();
  until(net, () => flow.control.snapshot().phase === "probe round trip", 12);
  assert.ok(net.now > 10 * SECOND && net.now < 10.2 * SECOND);
  const before = flow.delivered;
  until(net, () => flow.inFlight <= 4 * PACKET, 1);
  const began = net.now;
  until(net, () => flow.control.snapshot().phase === "probe bandwidth", 1);
  assert.ok(net.now - began >= 200e6 && net.now - began <= 320e6, `${net.now - began}`);
  assert.ok(flow.delivered > before);
  assert.ok(flow.control.window > 2 * HOLDS, "the window is back");
  assert.ok(use(net, flow, 5) > 0.97);
});

test("a round trip that has grown for good is learnt by the probe", () => {
  const { net, flow } = started();
  net.run(2 * SECOND);
  net.path.roundTrip = 80e6;
  net.run(20 * SECOND);
  const { roundTrip } = flow.control.snapshot();
  assert.ok((roundTrip as number) > 80e6 && (roundTrip as number) < 85e6, `${roundTrip}`);
});

test("bandwidth that has fallen is forgotten after ten rounds, and more of it is found", () => {
  const { net, flow } = started();
  net.run(2 * SECOND);
  net.path.rate = 0.5e6;
  net.run(5 * SECOND);
  assert.ok((flow.control.snapshot().bandwidth as number) < 0.52e6);
  net.path.rate = 1.25e6;
  net.run(8 * SECOND);
  assert.ok((flow.control.snapshot().bandwidth as number) > 1.2e6);
});

test("random loss does not slow it, where CUBIC falls to a fraction", () => {
  const { net, flow } = started({ loss: 0.03 });
  net.run(SECOND);
  assert.ok(use(net, flow, 30) > 0.9);
  const other = new Bottleneck({ ...path, loss: 0.03 });
  const cubic = other.add(new Cubic());
  other.run(SECOND);
  assert.ok(use(other, cubic, 30) < 0.5);
});

test("when recovery begins, packets are conserved: one out for each that arrived", () => {
  const control = bbr();
  control.open(100 * PACKET, PACKET, 0, 50e6);
  control.congested(100 * PACKET, 0);
  const sample = {
    recovering: true,
    lost: 5 * PACKET,
    inFlight: 94 * PACKET,
    totalDelivered: PACKET,
    priorDelivered: 0,
  };
  control.acknowledged(ackSample(sample));
  assert.equal(control.window, 95 * PACKET);
  control.acknowledged(ackSample({ ...sample, lost: 0, inFlight: 93 * PACKET, totalDelivered: 2 * PACKET }));
  assert.equal(control.window, 95 * PACKET);
  control.recovered(0);
  assert.equal(control.window, 100 * PACKET, "and after it the window is the old one");
});

test("a small packet that arrives lets out a whole one", () => {
  const control = bbr();
  control.open(100 * PACKET, PACKET, 0, 50e6);
  control.congested(2 * PACKET, 0);
  control.acknowledged(ackSample({ recovering: true, delivered: 10, inFlight: PACKET, totalDelivered: 10 }));
  assert.equal(control.window, 2 * PACKET);
});

test("a timeout leaves one segment, and recovery brings the window back", () => {
  const control = bbr();
  control.open(100 * PACKET, PACKET, 0, 50e6);
  control.timedOut(100 * PACKET, 0, true);
  assert.equal(control.window, PACKET);
  control.acknowledged(ackSample({ totalDelivered: PACKET, priorDelivered: 0 }));
  assert.equal(control.window, 4 * PACKET);
  control.recovered(0);
  assert.equal(control.window, 100 * PACKET);
});

test("a timeout that was spurious is taken back", () => {
  const control = bbr();
  control.open(100 * PACKET, PACKET, 0, 50e6);
  control.timedOut(100 * PACKET, 0, true);
  control.undo();
  assert.equal(control.window, 100 * PACKET);
});

test("an application that sends little does not lower the bandwidth found", () => {
  const { net, flow } = started();
  net.run(2 * SECOND);
  const { bandwidth } = flow.control.snapshot();
  const limited = { applicationLimited: true, deliveryRate: 1000, roundTrip: 60e6, priorDelivered: flow.delivered };
  for (let round = 1; round <= 30; round++) {
    const totalDelivered = flow.delivered + round * PACKET;
    flow.control.acknowledged(
      ackSample({ ...limited, now: net.now + round * 60e6, totalDelivered, priorDelivered: totalDelivered - PACKET }),
    );
  }
  assert.equal(flow.control.snapshot().bandwidth, bandwidth);
});

test("after idleness it goes on at the bandwidth it knows, without a probe of the round trip", () => {
  const { net, flow } = started();
  net.run(2 * SECOND);
  flow.control.restarted(net.now + 30 * SECOND, 30 * SECOND);
  const { pacingRate } = flow.control;
  assert.ok(pacingRate > 0.98 * path.rate && pacingRate < path.rate, `${pacingRate}`);
  const now = net.now + 30 * SECOND;
  flow.control.acknowledged(ackSample({ now, roundTrip: 60e6, totalDelivered: flow.delivered + PACKET }));
  assert.equal(flow.control.snapshot().phase, "probe bandwidth");
});

test("before anything is known it paces its first window over a round trip, 1 ms if that is unknown", () => {
  const control = bbr();
  control.open(10 * PACKET, PACKET, 0, 0);
  assert.ok(Math.abs(control.pacingRate - 2.885 * 0.99 * 10e6) < 1);
  control.acknowledged(ackSample({ roundTrip: 100e6, totalDelivered: PACKET }));
  assert.ok(Math.abs(control.pacingRate - 2.885 * 0.99 * 100e3) < 1, `${control.pacingRate}`);
});

test("two flows share the path", () => {
  const net = new Bottleneck(path);
  const first = net.add(bbr(1));
  net.run(5 * SECOND);
  const second = net.add(bbr(2));
  net.run(20 * SECOND);
  const before = [first.delivered, second.delivered] as const;
  net.run(60 * SECOND);
  const [a, b] = [first.delivered - before[0], second.delivered - before[1]];
  assert.ok((a + b) ** 2 / (2 * (a * a + b * b)) > 0.95, `${a} ${b}`);
  assert.ok(a + b > 0.95 * 60 * path.rate);
});
