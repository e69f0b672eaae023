import assert from "node:assert/strict";
import test from "node:test";
import { ackSample, Bottleneck, PACKET } from "../../../../test/fixtures/bottleneck.ts";
import { NewReno } from "./new-reno.ts";

const opened = () => {
  const control = new NewReno();
  control.open(10 * PACKET, PACKET, 0, 0);
  return control;
};

test("slow start doubles the window in a round trip, also where every other segment is acknowledged (RFC 5681 §3.1)", () => {
  const control = opened();
  for (let ack = 0; ack < 5; ack++) control.acknowledged(ackSample({ acknowledged: 2000, delivered: 2000 }));
  assert.equal(control.window, 20 * PACKET);
});

test("an acknowledgment opens the window by two segments at most (RFC 3465 §2.2)", () => {
  const control = opened();
  control.acknowledged(ackSample({ acknowledged: 9000, delivered: 9000 }));
  assert.equal(control.window, 12 * PACKET);
});

test("congestion avoidance adds a segment in a round trip (RFC 5681 §3.1, RFC 3465 §2.1)", () => {
  const control = opened();
  control.slowStartThreshold = 10 * PACKET;
  for (let ack = 0; ack < 9; ack++) control.acknowledged(ackSample());
  assert.equal(control.window, 10 * PACKET);
  control.acknowledged(ackSample());
  assert.equal(control.window, 11 * PACKET);
});

test("slow start ends at the threshold, not beyond", () => {
  const control = opened();
  control.slowStartThreshold = 10.5 * PACKET;
  control.acknowledged(ackSample({ acknowledged: 2000, delivered: 2000 }));
  assert.equal(control.window, 10.5 * PACKET);
});

test("a window that was not filled does not grow (RFC 2861 §3)", () => {
  const control = opened();
  control.acknowledged(ackSample({ limited: false }));
  control.slowStartThreshold = PACKET;
  for (let ack = 0; ack < 20; ack++) control.acknowledged(ackSample({ limited: false }));
  assert.equal(control.window, 10 * PACKET);
});

test("a loss halves what was in flight, and leaves two segments at least (RFC 5681 §3.1, equation 4)", () => {
  const control = opened();
  control.congested(20 * PACKET, 0);
  assert.equal(control.slowStartThreshold, 10 * PACKET);
  control.congested(PACKET, 0);
  assert.equal(control.slowStartThreshold, 2 * PACKET);
});

test("in fast recovery acknowledgments leave the window to rate reduction", () => {
  const control = opened();
  control.congested(10 * PACKET, 0);
  control.window = 3 * PACKET;
  control.acknowledged(ackSample({ recovering: true }));
  assert.equal(control.window, 3 * PACKET);
});

test("a timeout leaves one segment and begins slow start, before all is recovered (RFC 5681 §3.1)", () => {
  const control = opened();
  control.timedOut(20 * PACKET, 0, true);
  assert.deepEqual([control.window, control.slowStartThreshold], [PACKET, 10 * PACKET]);
  control.acknowledged(ackSample());
  assert.equal(control.window, 2 * PACKET);
});

test("a second timeout of the same window does not lower the threshold again (RFC 5681 §3.1)", () => {
  const control = opened();
  control.timedOut(20 * PACKET, 0, true);
  control.timedOut(PACKET, 0, false);
  assert.deepEqual([control.window, control.slowStartThreshold], [PACKET, 10 * PACKET]);
});

test("what had arrived before a timeout opens no window (RFC 3465 §2.3)", () => {
  const control = opened();
  control.timedOut(20 * PACKET, 0, true);
  control.acknowledged(ackSample({ acknowledged: 9000, delivered: 1000 }));
  assert.equal(control.window, 2 * PACKET);
});

test("a loss that never was is taken back", () => {
  const control = opened();
  control.timedOut(10 * PACKET, 0, true);
  control.undo();
  assert.deepEqual([control.window, control.slowStartThreshold], [10 * PACKET, Number.POSITIVE_INFINITY]);
});

test("over a bottleneck the window saws between half and the whole of what path and queue hold", () => {
  // 1.25 MB/s and 40 ms hold 50 packets, the queue 50 more.
  const net = new Bottleneck({ rate: 1.25e6, roundTrip: 40e6, queue: 50 });
  const flow = net.add(new NewReno());
  net.run(20e9);
  const before = flow.delivered;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let slice = 0; slice < 2000; slice++) {
    net.run(10e6);
    least = Math.min(least, flow.control.window);
    most = Math.max(most, flow.control.window);
  }
  assert.ok(least >= 49 * PACKET && least <= 52 * PACKET, `${least}`);
  assert.ok(most >= 99 * PACKET && most <= 104 * PACKET, `${most}`);
  assert.ok((flow.delivered - before) / (20 * 1.25e6) > 0.99);
});
