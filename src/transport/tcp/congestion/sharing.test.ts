import assert from "node:assert/strict";
import test from "node:test";
import { Bottleneck, type Path, type Sender } from "../../../../test/fixtures/bottleneck.ts";
import type { CongestionControl } from "./congestion-control.ts";
import { Cubic } from "./cubic.ts";
import { NewReno } from "./new-reno.ts";

const SECOND = 1e9;

/** Jain's index: 1 when all have the same, 1/n when one has all. */
const jain = (shares: number[]): number =>
  shares.reduce((sum, share) => sum + share, 0) ** 2 / (shares.length * shares.reduce((sum, x) => sum + x * x, 0));

/** What each flow delivered in so many seconds, bytes. */
function delivered(net: Bottleneck, seconds: number): number[] {
  const before = net.flows.map((flow) => flow.delivered);
  net.run(seconds * SECOND);
  return net.flows.map((flow, at) => flow.delivered - (before[at] as number));
}

/** Flows over one path, each some seconds after the one before. */
function flows(path: Path, after: number, ...controls: CongestionControl[]): Bottleneck {
  const net = new Bottleneck(path);
  for (const control of controls) {
    net.add(control);
    net.run(after * SECOND);
  }
  return net;
}

// 10 Mbit/s and 50 ms hold 62 packets.
const path = { rate: 1.25e6, roundTrip: 50e6, queue: 62, jitter: 1e6 };

test("two CUBIC flows come to share a path, also when one was there first (RFC 9438 §4.7)", () => {
  const net = flows(path, 20, new Cubic(), new Cubic());
  const shares = delivered(net, 120);
  assert.ok(jain(shares) > 0.95, `${shares}`);
  assert.ok((shares[0] as number) + (shares[1] as number) > 0.98 * 120 * path.rate);
});

test("on a short path CUBIC takes about as much as NewReno (RFC 9438 §4.3, §5.1)", () => {
  // 10 ms: growth by the clock would be slower than Reno's.
  const net = flows({ ...path, roundTrip: 10e6, queue: 25 }, 5, new Cubic(), new NewReno());
  const [cubic, reno] = delivered(net, 120) as [number, number];
  assert.ok(cubic / reno > 0.6 && cubic / reno < 2, `${cubic / reno}`);
});

test("on a long fat path CUBIC fills what NewReno leaves empty after a loss (RFC 9438 §1)", () => {
  const long = { rate: 12.5e6, roundTrip: 100e6, queue: 100, loss: 1e-5 };
  const used = (control: CongestionControl) => {
    const net = flows(long, 20, control);
    return (delivered(net, 60)[0] as number) / (60 * long.rate);
  };
  const cubic = used(new Cubic());
  const reno = used(new NewReno());
  assert.ok(cubic > 0.8, `${cubic}`);
  assert.ok(cubic > reno * 1.3, `${cubic} and ${reno}`);
});

test("fast convergence frees room for a flow that comes (RFC 9438 §4.7)", () => {
  const net = flows({ rate: 12.5e6, roundTrip: 40e6, queue: 500 }, 30, new Cubic());
  const first = net.flows[0] as Sender;
  const before = first.control.snapshot().windowMaximum as number;
  net.add(new Cubic());
  net.run(30 * SECOND);
  assert.ok((first.control.snapshot().windowMaximum as number) < 0.85 * before);
  assert.ok(jain(delivered(net, 60)) > 0.9);
});
