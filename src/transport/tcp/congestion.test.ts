import assert from "node:assert/strict";
import test from "node:test";
import { NewReno } from "./congestion.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

const opened = (synLost = false) => {
  const congestion = new NewReno();
  congestion.open(DEFAULT_SETTINGS, 1000, synLost);
  return congestion;
};

test("the window starts at ten segments, or at one after a lost SYN (RFC 6928 §2)", () => {
  assert.equal(opened().window, 10_000);
  assert.equal(opened(true).window, 1000);
});

test("slow start doubles in a round trip, congestion avoidance adds a segment (RFC 5681 §3.1)", () => {
  const congestion = opened();
  for (let ack = 0; ack < 5; ack++) congestion.acknowledged(2000, 1000, true);
  assert.equal(congestion.window, 20_000);
  congestion.ssthresh = 20_000;
  for (let ack = 0; ack < 10; ack++) congestion.acknowledged(2000, 1000, true);
  assert.equal(congestion.window, 21_000);
});

test("a window that was not filled does not grow", () => {
  const congestion = opened();
  congestion.acknowledged(2000, 1000, false);
  assert.equal(congestion.window, 10_000);
});

test("recovery halves what was in flight and ends there (RFC 6582 §3.2)", () => {
  const congestion = opened();
  congestion.enterRecovery(20_000, 1000);
  assert.deepEqual([congestion.ssthresh, congestion.window], [10_000, 13_000]);
  congestion.duplicate(1000);
  assert.equal(congestion.window, 14_000);
  congestion.partial(3000, 1000);
  assert.equal(congestion.window, 12_000);
  congestion.leaveRecovery(30_000, 1000);
  assert.equal(congestion.window, 10_000);
});

test("a timeout starts again at one segment, and a second one does not halve twice (RFC 5681 §3.1)", () => {
  const congestion = opened();
  congestion.timeout(20_000, 1000, true);
  assert.deepEqual([congestion.ssthresh, congestion.window], [10_000, 1000]);
  congestion.timeout(1000, 1000, false);
  assert.equal(congestion.ssthresh, 10_000);
});
