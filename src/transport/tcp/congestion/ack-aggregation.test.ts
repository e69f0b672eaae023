import assert from "node:assert/strict";
import test from "node:test";
import { ackSample, PACKET } from "../../../../test/fixtures/bottleneck.ts";
import { AckAggregation } from "./ack-aggregation.ts";

const RATE = 1e6;
const ENDLESS = 1e9;

test("even acknowledgments leave no excess but their own packet", () => {
  const aggregation = new AckAggregation();
  for (let ack = 1; ack <= 200; ack++) {
    aggregation.add(ackSample({ now: ack * 1e6 }), RATE, Math.floor(ack / 50), ENDLESS, PACKET);
  }
  assert.equal(aggregation.excess(RATE), PACKET);
});

test("twenty packets acknowledged at once every 20 ms are an excess of twenty", () => {
  const aggregation = new AckAggregation();
  const bunch = { acknowledged: 20 * PACKET, delivered: 20 * PACKET };
  for (let ack = 1; ack <= 20; ack++) {
    aggregation.add(ackSample({ now: ack * 20e6, ...bunch }), RATE, ack, ENDLESS, PACKET);
  }
  assert.equal(aggregation.excess(RATE), 20 * PACKET);
});

test("the excess is forgotten after ten rounds, and is a window and 100 ms at most", () => {
  const aggregation = new AckAggregation();
  const bunch = { acknowledged: 300 * PACKET, delivered: 300 * PACKET };
  aggregation.add(ackSample({ now: 1e9, ...bunch }), RATE, 1, ENDLESS, PACKET);
  assert.equal(aggregation.excess(RATE), 100 * PACKET);
  aggregation.add(ackSample({ now: 5e9 }), RATE, 11, ENDLESS, PACKET);
  assert.equal(aggregation.excess(RATE), PACKET);
  aggregation.add(ackSample({ now: 6e9, ...bunch }), RATE, 12, 40 * PACKET, PACKET);
  assert.equal(aggregation.excess(RATE), 40 * PACKET);
});

test("nothing is counted while the bandwidth is unknown, and a pause begins anew", () => {
  const aggregation = new AckAggregation();
  aggregation.add(ackSample({ delivered: 50 * PACKET }), 0, 1, ENDLESS, PACKET);
  assert.equal(aggregation.excess(RATE), 0);
  aggregation.add(ackSample({ now: 1e6, delivered: 5 * PACKET }), RATE, 1, ENDLESS, PACKET);
  aggregation.restart(2e6);
  aggregation.add(ackSample({ now: 2e6, delivered: PACKET }), RATE, 2, ENDLESS, PACKET);
  assert.equal(aggregation.excess(RATE), 5 * PACKET);
});
