import assert from "node:assert/strict";
import test from "node:test";
import { ackSample, PACKET } from "../../../../test/fixtures/bottleneck.ts";
import { DeliveryRate } from "./delivery-rate.ts";

const MILLISECOND = 1e6;

/** Acknowledges what was sent at a time. */
function acked(rate: DeliveryRate, words: { now: number; sentAt: number; total: number; roundTrip?: number }) {
  const { now, sentAt, total } = words;
  const sample = ackSample({ now, totalDelivered: total, roundTrip: words.roundTrip ?? now - sentAt });
  rate.acknowledged(sample, sentAt);
  return sample;
}

test("a packet each millisecond, acknowledged at that pace, is a megabyte a second", () => {
  const rate = new DeliveryRate();
  for (let number = 0; number < 50; number++) rate.sent(number * MILLISECOND, 0, number === 0);
  for (let number = 0; number < 50; number++) {
    const now = (50 + number) * MILLISECOND;
    const sample = acked(rate, { now, sentAt: number * MILLISECOND, total: (number + 1) * PACKET });
    rate.sent(now, (number + 1) * PACKET, false);
    assert.equal(sample.priorDelivered, 0);
    if (number > 0) assert.ok(Math.abs(sample.deliveryRate - ((number + 1) * PACKET) / ((50 + number) * 1e-3)) < 1);
  }
  // From here on the flights are of packets that left one for each that arrived.
  for (let number = 0; number < 50; number++) {
    const now = (100 + number) * MILLISECOND;
    const sample = acked(rate, { now, sentAt: now - 50 * MILLISECOND, total: (51 + number) * PACKET });
    assert.equal(sample.priorDelivered, (number + 1) * PACKET);
    assert.ok(Math.abs(sample.deliveryRate - 1e6) < 1, `${sample.deliveryRate}`);
  }
});

test("acknowledgments that come in a bunch do not hide how slowly it was sent", () => {
  const rate = new DeliveryRate();
  for (let number = 0; number < 10; number++) rate.sent(number * 10 * MILLISECOND, 0, number === 0);
  const sample = acked(rate, { now: 95 * MILLISECOND, sentAt: 90 * MILLISECOND, total: 10 * PACKET, roundTrip: 0 });
  assert.ok(Math.abs(sample.deliveryRate - (10 * PACKET) / 0.095) < 1, `${sample.deliveryRate}`);
});

test("a burst that was sent at once and arrived slowly has the rate at which it arrived", () => {
  const rate = new DeliveryRate();
  rate.sent(0, 0, true);
  for (let number = 0; number < 10; number++) {
    acked(rate, { now: (20 + number) * MILLISECOND, sentAt: 0, total: (number + 1) * PACKET });
  }
  const after = new DeliveryRate();
  after.sent(0, 0, true);
  const sample = acked(after, { now: 29 * MILLISECOND, sentAt: 0, total: 10 * PACKET });
  assert.ok(Math.abs(sample.deliveryRate - (10 * PACKET) / 0.029) < 1, `${sample.deliveryRate}`);
});

test("what arrived out of order, earlier than what decided before, tells nothing", () => {
  const rate = new DeliveryRate();
  rate.sent(0, 0, true);
  rate.sent(MILLISECOND, 0, false);
  assert.ok(acked(rate, { now: 50 * MILLISECOND, sentAt: MILLISECOND, total: PACKET }).deliveryRate > 0);
  const sample = acked(rate, { now: 51 * MILLISECOND, sentAt: 0, total: 2 * PACKET });
  assert.deepEqual([sample.deliveryRate, sample.priorDelivered], [0, -1]);
});

test("what took less than any round trip is no flight", () => {
  const rate = new DeliveryRate();
  rate.sent(0, 0, true);
  acked(rate, { now: 50 * MILLISECOND, sentAt: 0, total: PACKET });
  rate.sent(60 * MILLISECOND, PACKET, true);
  const sample = acked(rate, { now: 61 * MILLISECOND, sentAt: 60 * MILLISECOND, total: 20 * PACKET, roundTrip: 0 });
  assert.equal(sample.deliveryRate, 0);
  assert.equal(sample.priorDelivered, PACKET, "but a round");
});

test("what is sent while the application holds back is marked until all of it has arrived", () => {
  const rate = new DeliveryRate();
  rate.sent(0, 0, true);
  rate.applicationLimited(0, 2 * PACKET);
  rate.sent(MILLISECOND, 0, false);
  assert.equal(acked(rate, { now: 50 * MILLISECOND, sentAt: 0, total: PACKET }).applicationLimited, false);
  rate.sent(51 * MILLISECOND, PACKET, false);
  assert.equal(acked(rate, { now: 52 * MILLISECOND, sentAt: MILLISECOND, total: 2 * PACKET }).applicationLimited, true);
  assert.equal(
    acked(rate, { now: 101 * MILLISECOND, sentAt: 51 * MILLISECOND, total: 3 * PACKET }).applicationLimited,
    true,
  );
  rate.sent(102 * MILLISECOND, 3 * PACKET, false);
  assert.equal(
    acked(rate, { now: 152 * MILLISECOND, sentAt: 102 * MILLISECOND, total: 4 * PACKET }).applicationLimited,
    false,
  );
});

test("hundreds of sendings may be under way", () => {
  const rate = new DeliveryRate();
  for (let number = 0; number < 500; number++) rate.sent(number * MILLISECOND, 0, number === 0);
  const sample = acked(rate, { now: 600 * MILLISECOND, sentAt: 499 * MILLISECOND, total: 500 * PACKET });
  assert.ok(Math.abs(sample.deliveryRate - (500 * PACKET) / 0.6) < 1);
});
