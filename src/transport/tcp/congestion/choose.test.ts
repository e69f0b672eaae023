import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { ackSample, PACKET } from "../../../../test/fixtures/bottleneck.ts";
import { size as runs } from "../../../../test/size.ts";
import { Random } from "../../../base/random.ts";
import { CONGESTION_CONTROLS, congestionControl } from "./choose.ts";

test("a name chooses the algorithm (RFC 9293 §3.8.2, MAY-18)", () => {
  for (const name of CONGESTION_CONTROLS) assert.equal(congestionControl(name, new Random(1)).name, name);
});

const event = fc.record({
  what: fc.constantFrom(
    "ack",
    "ack",
    "ack",
    "ack",
    "congested",
    "timeout",
    "again",
    "recovered",
    "undo",
    "restart",
    "size",
  ),
  later: fc.nat(3e9),
  bytes: fc.nat(100 * PACKET),
  roundTrip: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e9 })),
  flight: fc.nat(1000 * PACKET),
  rate: fc.oneof(fc.constant(0), fc.double({ min: 1, max: 1e9, noNaN: true })),
  flags: fc.nat(7),
});

test("whatever happens in whatever order, the window, the threshold and the pace are ones to send by", () => {
  fc.assert(
    fc.property(fc.constantFrom(...CONGESTION_CONTROLS), fc.array(event, { maxLength: 200 }), (name, events) => {
      const control = congestionControl(name, new Random(1));
      control.open(10 * PACKET, PACKET, 0, 0);
      let now = 0;
      let size = PACKET;
      let totalDelivered = 0;
      for (const { what, later, bytes, roundTrip, flight, rate, flags } of events) {
        now += later;
        if (what === "ack") {
          totalDelivered += bytes;
          const lost = flags & 1 ? PACKET : 0;
          const sample = { now, acknowledged: bytes, delivered: bytes, lost, roundTrip, deliveryRate: rate };
          const sequence = { sndUna: totalDelivered | 0, sndNxt: (totalDelivered + flight) | 0, totalDelivered };
          const priorDelivered = rate > 0 ? Math.max(totalDelivered - flight, 0) : -1;
          const state = { inFlight: flight, priorInFlight: flight + bytes, priorDelivered };
          const limits = { limited: (flags & 2) > 0, recovering: (flags & 4) > 0, applicationLimited: flags === 3 };
          control.acknowledged(ackSample({ ...sample, ...sequence, ...state, ...limits }));
        } else if (what === "congested") control.congested(flight, now);
        else if (what === "timeout") control.timedOut(flight, now, true);
        else if (what === "again") control.timedOut(flight, now, false);
        else if (what === "recovered") control.recovered(now);
        else if (what === "undo") control.undo();
        else if (what === "restart") control.restarted(now, later);
        else {
          size = 500 + (bytes % 1000);
          control.resize(size);
        }
        assert.ok(control.window >= 500 && control.window < Number.POSITIVE_INFINITY, `${what}: ${control.window}`);
        assert.ok(control.slowStartThreshold >= 1000, `${what}: ${control.slowStartThreshold}`);
        assert.ok(control.pacingRate >= 0 && control.pacingRate < Number.POSITIVE_INFINITY, `${control.pacingRate}`);
        for (const value of Object.values(control.snapshot()))
          assert.ok(!Number.isNaN(value as number) || typeof value === "string");
      }
    }),
    { numRuns: runs(500, 100_000) },
  );
});
