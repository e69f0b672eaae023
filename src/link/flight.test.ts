import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { PacketPool } from "../packet/packet-pool.ts";
import { Flight } from "./flight.ts";

test("whatever goes in and out, the earliest comes out, and of those of one instant the first to go in", () => {
  const step = fc.oneof(fc.nat(20), fc.constant("out" as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const pool = new PacketPool();
      const flight = new Flight();
      const model: { time: number; order: number }[] = [];
      steps.forEach((time, order) => {
        if (time === "out") {
          const expected = model.sort((a, b) => a.time - b.time || a.order - b.order).shift();
          const packet = flight.shift();
          assert.deepEqual(packet && { time: packet.time, order: packet.order }, expected ?? null);
          assert.equal(packet?.next ?? null, null, "what is taken out holds on to nothing");
        } else {
          const packet = pool.allocate(0);
          Object.assign(packet, { time, order });
          flight.insert(packet);
          model.push({ time, order });
        }
      });
    }),
  );
});
