import assert from "node:assert/strict";
import test from "node:test";
import { ackSample, Bottleneck, PACKET } from "../../../../test/fixtures/bottleneck.ts";
import { Cubic } from "./cubic.ts";
import { HyStart } from "./hystart.ts";
import { NewReno } from "./new-reno.ts";

const ROUND = 20;
let sequence = 0;

/** A round of {@link ROUND} packets, acknowledged one by one. @returns bytes by which each acknowledgment opened the window */
function round(start: HyStart, milliseconds: number, measured = ROUND): number[] {
  const sndNxt = (sequence + ROUND * PACKET) | 0;
  const opened = [];
  for (let ack = 1; ack <= ROUND; ack++) {
    const sndUna = (sequence + ack * PACKET) | 0;
    const roundTrip = ack <= measured ? milliseconds * 1e6 : 0;
    opened.push(start.acknowledged(ackSample({ roundTrip, sndUna, sndNxt }), PACKET));
  }
  sequence = (sequence + ROUND * PACKET) | 0;
  return opened;
}

const begun = (at = 0): HyStart => {
  sequence = at;
  return new HyStart();
};

test("slow start goes on while round trips do not grow (RFC 9406 §4.2)", () => {
  const start = begun();
  for (let count = 0; count < 10; count++) assert.deepEqual(round(start, 50), new Array(ROUND).fill(PACKET));
  assert.ok(!start.conservative);
});

test("an eighth more of a round trip begins conservative slow start: a quarter of the growth (RFC 9406 §4.2)", () => {
  const start = begun();
  round(start, 80);
  const opened = round(start, 90);
  assert.deepEqual(opened.slice(6, 9), [PACKET, PACKET / 4, PACKET / 4], "from the eighth sample on");
  assert.ok(start.conservative);
});

test("the rise that counts is 4 ms at least and 16 ms at most (RFC 9406 §4.3)", () => {
  for (const [before, less, enough] of [
    [8, 11.9, 12],
    [400, 415.9, 416],
    [64, 71.9, 72],
  ] as const) {
    const calm = begun();
    round(calm, before);
    round(calm, less);
    assert.ok(!calm.conservative, `${less} after ${before}`);
    const rising = begun();
    round(rising, before);
    round(rising, enough);
    assert.ok(rising.conservative, `${enough} after ${before}`);
  }
});

test("a round with less than eight samples says nothing (RFC 9406 §4.2)", () => {
  const start = begun();
  round(start, 50);
  round(start, 90, 7);
  assert.ok(!start.conservative);
});

test("five rounds of conservative slow start, the first in part, then the window is the threshold (RFC 9406 §4.2)", () => {
  const start = begun();
  round(start, 50);
  for (let count = 0; count < 4; count++) {
    round(start, 60);
    assert.ok(start.conservative && !start.done);
  }
  round(start, 60);
  assert.ok(start.done);
});

test("when the round trip falls again it was jitter, and slow start goes on (RFC 9406 §4.2)", () => {
  const start = begun();
  round(start, 50);
  round(start, 60);
  round(start, 60);
  const opened = round(start, 55);
  assert.equal(opened.at(-1), PACKET);
  assert.ok(!start.conservative);
  // The rounds it lasted do not count for the next time.
  round(start, 70);
  for (let count = 0; count < 3; count++) round(start, 70);
  assert.ok(start.conservative && !start.done);
});

test("one acknowledgment opens the window by eight segments at most (RFC 9406 §4.2, L)", () => {
  const start = begun();
  assert.equal(start.acknowledged(ackSample({ delivered: 20 * PACKET }), PACKET), 8 * PACKET);
});

test("a receiver that acknowledges in bunches opens the window by what the bunch before had", () => {
  const start = begun();
  const bunch = (packets: number) => start.acknowledged(ackSample({ delivered: packets * PACKET }), PACKET) / PACKET;
  assert.deepEqual([bunch(10), bunch(18), bunch(28), bunch(46)], [8, 10, 18, 28]);
});

test("rounds are told where sequence numbers wrap", () => {
  const start = begun(0x7fffffff - 30 * PACKET);
  round(start, 50);
  round(start, 60);
  for (let count = 0; count < 4; count++) round(start, 60);
  assert.ok(start.done);
});

test("a window that is not in use does not grow by it, and a loss ends it", () => {
  const control = new Cubic();
  control.open(10 * PACKET, PACKET, 0, 0);
  control.acknowledged(ackSample({ limited: false }));
  assert.equal(control.window, 10 * PACKET);
  control.acknowledged(ackSample({ acknowledged: 5000, delivered: 5000 }));
  assert.equal(control.window, 15 * PACKET, "L is 8");
  control.timedOut(10 * PACKET, 0, true);
  control.recovered(0);
  control.acknowledged(ackSample({ acknowledged: 5000, delivered: 5000 }));
  assert.equal(control.window, 3 * PACKET, "L is 2 in later slow starts");
});

// 1 MB/s and 100 ms hold 100 packets. Conservative slow start may still open the window threefold.
const deep = { rate: 1e6, roundTrip: 100e6, queue: 1000 };

test("over a deep queue slow start ends before anything is lost; without HyStart++ hundreds of packets are", () => {
  const careful = new Bottleneck(deep);
  const flow = careful.add(new Cubic());
  careful.run(3e9);
  assert.equal(careful.dropped, 0);
  assert.ok(flow.control.slowStartThreshold > 100 * PACKET, "not before the path was full");
  assert.ok(flow.delivered > 0.8 * 3e6, `${flow.delivered}`);
  const careless = new Bottleneck(deep);
  careless.add(new Cubic(false));
  careless.run(3e9);
  assert.ok(careless.dropped > 200, `${careless.dropped}`);
});

test("NewReno can start as carefully", () => {
  const net = new Bottleneck(deep);
  net.add(new NewReno(true));
  net.run(3e9);
  assert.equal(net.dropped, 0);
});

test("jitter alone does not keep slow start from filling the path", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const net = new Bottleneck({ rate: 5e6, roundTrip: 100e6, queue: 400, jitter: 20e6 }, seed);
    const flow = net.add(new Cubic());
    net.run(2e9);
    assert.ok(flow.control.slowStartThreshold > 450 * PACKET, `${flow.control.slowStartThreshold} with seed ${seed}`);
  }
});
