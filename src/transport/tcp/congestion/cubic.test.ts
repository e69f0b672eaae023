import assert from "node:assert/strict";
import test from "node:test";
import { ackSample, PACKET } from "../../../../test/fixtures/bottleneck.ts";
import type { CongestionControl } from "./congestion-control.ts";
import { Cubic } from "./cubic.ts";

const ROUND = 100e6;

/** A CUBIC with a window of so many packets, in congestion avoidance once it has lost or reached its threshold. */
const opened = (packets = 10) => {
  const control = new Cubic();
  control.open(packets * PACKET, PACKET, 0, ROUND);
  return control;
};

/** One that lost with this window, and has recovered. */
const lost = (packets: number) => {
  const control = opened(packets);
  control.congested(packets * PACKET, 0);
  control.window = control.slowStartThreshold;
  control.recovered(0);
  return control;
};

/** Acknowledges a window of packets, evenly over each round trip. @returns the window after each round, in packets */
function rounds(control: CongestionControl, count: number, from = 0, round = ROUND, limited = true): number[] {
  const windows = [];
  let now = from;
  for (let done = 0; done < count; done++) {
    const acks = Math.max(Math.round(control.window / PACKET), 1);
    for (let ack = 1; ack <= acks; ack++) {
      control.acknowledged(ackSample({ now: now + (round * ack) / acks, roundTrip: round, limited }));
    }
    now += round;
    windows.push(control.window / PACKET);
  }
  return windows;
}

const near = (value: number, expected: number, within: number): void =>
  assert.ok(Math.abs(value - expected) <= within, `${value}, not ${expected}`);

test("a loss leaves 0.7 of the window, and two segments at least (RFC 9438 §4.6)", () => {
  const control = opened(100);
  control.congested(100 * PACKET, 0);
  near(control.slowStartThreshold, 70 * PACKET, 1e-6);
  control.window = PACKET;
  control.congested(PACKET, 0);
  assert.equal(control.slowStartThreshold, 2 * PACKET);
});

test("the window is back at W_max after K, the cube root of what it lost over C (RFC 9438 §4.2)", () => {
  const control = lost(1000);
  // K = ∛(300 / 0.4) = 9.086 s, and the window runs a round trip behind its target.
  const windows = rounds(control, 91);
  near(windows.at(-1) as number, 1000, 2);
});

test("the window grows along a concave, then a convex curve (RFC 9438 §4.4, §4.5)", () => {
  const control = lost(1000);
  const windows = rounds(control, 180);
  const steps = windows.slice(1).map((window, at) => window - (windows[at] as number));
  const falling = steps.slice(2, 85).every((step, at, all) => at === 0 || step <= (all[at - 1] as number) + 1e-6);
  const rising = steps.slice(95, 178).every((step, at, all) => at === 0 || step >= (all[at - 1] as number) - 1e-6);
  assert.ok(falling, "each round before K adds less than the one before");
  assert.ok(rising, "each round after K adds more");
  near(windows.at(-1) as number, 1000 + 0.4 * (18 - 9.086) ** 3, 12);
});

test("growth depends on time, not on the round trip (RFC 9438 §3.3)", () => {
  const near1000 = (round: number) => rounds(lost(1000), Math.round(8e9 / round), 0, round).at(-1) as number;
  near(near1000(50e6), near1000(200e6), 3);
});

test("the window grows by half in a round trip at most (RFC 9438 §4.2, target)", () => {
  const control = lost(10);
  rounds(control, 1);
  const before = control.window;
  // A minute without a word, and then the curve is far above: the window was in use, so t has gone on.
  const [after] = rounds(control, 1, 60e9);
  assert.ok((after as number) * PACKET <= before * Math.E ** 0.5, `${after}`);
  assert.ok((after as number) * PACKET >= before * 1.5, `${after}`);
});

test("on short paths it adds as much as Reno would: 0.53 segments a round, one beyond the old window (RFC 9438 §4.3)", () => {
  const control = lost(20);
  const windows = rounds(control, 30, 0, 10e6);
  near((windows[8] as number) - 14, 9 * 0.529, 0.25);
  const beyond = windows.findIndex((window) => window > 20);
  near(beyond, 11, 1);
  near((windows[beyond + 10] as number) - (windows[beyond] as number), 10, 0.5);
});

test("fast convergence: lost below the last maximum, it aims lower still (RFC 9438 §4.7)", () => {
  const control = lost(1000);
  control.congested(700 * PACKET, 0);
  assert.equal(control.snapshot().windowMaximum, 700 * 0.85 * PACKET);
  const higher = lost(1000);
  higher.window = 1100 * PACKET;
  higher.congested(1100 * PACKET, 0);
  assert.equal(higher.snapshot().windowMaximum, 1100 * PACKET);
});

test("after a timeout the curve begins at its plateau (RFC 9438 §4.8)", () => {
  const control = opened(1000);
  control.timedOut(1000 * PACKET, 0, true);
  assert.deepEqual([control.window, control.slowStartThreshold], [PACKET, 700 * PACKET]);
  const windows = rounds(control, 14);
  assert.equal(control.snapshot().plateauAfter, 0);
  near(windows.at(-1) as number, 700, 6);
  near(control.snapshot().windowMaximum as number, 700 * PACKET, PACKET);
});

test("slow start that ends without a loss goes on from a plateau (RFC 9438 §4.10)", () => {
  const control = opened(100);
  control.slowStartThreshold = 100 * PACKET;
  rounds(control, 1);
  const { plateauAfter, windowMaximum } = control.snapshot();
  assert.deepEqual([plateauAfter, windowMaximum], [0, 100 * PACKET]);
});

test("time in which the window was not in use does not count (RFC 9438 §4.2, §5.8)", () => {
  const used = rounds(lost(1000), 40).at(-1) as number;
  const control = lost(1000);
  const before = rounds(control, 20).at(-1) as number;
  assert.equal(rounds(control, 50, 2e9, ROUND, false).at(-1), before);
  near(rounds(control, 20, 7e9).at(-1) as number, used, 1);
});

test("after idleness the curve is the same, only later", () => {
  const used = rounds(lost(1000), 40).at(-1) as number;
  const control = lost(1000);
  rounds(control, 20);
  control.restarted(602e9, 600e9);
  near(rounds(control, 20, 602e9).at(-1) as number, used, 1);
});

test("a loss that never was brings the old curve back (RFC 9438 §4.9)", () => {
  const undisturbed = rounds(lost(1000), 40).at(-1) as number;
  const control = lost(1000);
  const window = (rounds(control, 20).at(-1) as number) * PACKET;
  const before = control.snapshot();
  control.congested(window, 2e9);
  control.window = control.slowStartThreshold;
  control.undo();
  assert.equal(control.window, window);
  assert.deepEqual(control.snapshot(), before);
  near(rounds(control, 20, 2e9).at(-1) as number, undisturbed, 1);
});

test("a window that has outgrown the loss in question is left alone (RFC 9438 §4.9)", () => {
  const control = lost(1000);
  rounds(control, 150);
  const { window } = control;
  assert.ok(window > 1000 * PACKET);
  const before = control.snapshot();
  control.undo();
  assert.deepEqual([control.window, control.slowStartThreshold], [window, 700 * PACKET]);
  assert.deepEqual(control.snapshot(), before);
});
