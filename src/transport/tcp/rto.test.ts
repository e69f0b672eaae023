import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { milliseconds, minutes, seconds } from "../../time/instant.ts";
import { RetransmissionTimeout } from "./rto.ts";
import { DEFAULT_SETTINGS, type TcpSettings } from "./settings.ts";

const LIMITS = { initialRto: seconds(1), minimumRto: milliseconds(200), maximumRto: minutes(2) };

/** With measurements in milliseconds, and told in milliseconds. */
function timeout(measured: number[] = [], settings: Partial<TcpSettings> = {}) {
  const rto = new RetransmissionTimeout({ ...DEFAULT_SETTINGS, ...LIMITS, ...settings });
  for (const each of measured) rto.measure(milliseconds(each));
  return { rto, now: () => rto.current / 1e6 };
}

describe("the retransmission timeout (RFC 6298)", () => {
  test("is a second before anything was measured (2.1)", () => {
    assert.equal(timeout().now(), 1000);
  });

  test("after the first measurement is R + 4 · R/2 (2.2)", () => {
    const { rto, now } = timeout([400]);
    assert.equal(rto.smoothed, 400e6);
    assert.equal(rto.variation, 200e6);
    assert.equal(now(), 1200);
  });

  test("after the second takes the variation against the old mean: ¾ · 200 + ¼ · |400 − 800| (2.3)", () => {
    const { rto, now } = timeout([400, 800]);
    assert.equal(rto.variation, 250e6);
    assert.equal(rto.smoothed, 450e6, "⅞ · 400 + ⅛ · 800");
    assert.equal(now(), 1450, "450 + 4 · 250");
  });

  test("stays the minimum above a round trip that does not vary", () => {
    const { rto, now } = timeout(new Array(100).fill(10));
    assert.equal(rto.smoothed, 10e6);
    assert.ok(rto.variation < 1);
    assert.equal(now(), 210);
    assert.equal(timeout([0]).rto.current, 200e6 + 1, "also above one too short to measure");
  });

  test("doubles at each expiry (5.5) up to the maximum (2.5), and a measurement ends that", () => {
    const { rto, now } = timeout([400, 800]);
    const seen = Array.from({ length: 8 }, () => {
      rto.backOff();
      return now();
    });
    assert.deepEqual(seen, [2900, 5800, 11_600, 23_200, 46_400, 92_800, 120_000, 120_000]);
    rto.measure(milliseconds(450));
    assert.equal(rto.backoffs, 0);
    assert.equal(now(), 450 + 4 * 187.5);
  });

  test("of a very long round trip is the maximum (2.5)", () => {
    assert.equal(timeout([100_000]).now(), 120_000);
  });

  test("begins data at 3 s when the SYN was lost, unless a round trip was measured (5.7)", () => {
    const lost = timeout();
    lost.rto.backOff();
    lost.rto.synWasLost();
    lost.rto.backoffs = 0;
    assert.equal(lost.now(), 3000);
    lost.rto.measure(milliseconds(400));
    assert.equal(lost.now(), 1200, "until one is");
    const measured = timeout([400]);
    measured.rto.synWasLost();
    assert.equal(measured.now(), 1200);
    const patient = timeout([], { initialRto: seconds(5) });
    patient.rto.synWasLost();
    assert.equal(patient.now(), 5000, "never less than it was");
  });
});
