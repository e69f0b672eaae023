import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { PacketPool } from "../../packet/packet-pool.ts";
import type { Instant } from "../../time/instant.ts";
import { PartialDatagram } from "./partial-datagram.ts";

const pool = new PacketPool();

function piece(length: number) {
  const packet = pool.allocate(length);
  packet.end += length;
  return packet;
}

test("what is put in, piece by piece, is judged as a map of every byte would judge it", () => {
  const pieces = fc.array(fc.tuple(fc.nat(12), fc.integer({ min: 1, max: 5 })), { maxLength: 20 });
  fc.assert(
    fc.property(pieces, (list) => {
      const datagram = new PartialDatagram(piece(1), 1, 17, undefined as never, 0 as Instant);
      const bytes = new Set<number>();
      for (const [at, size] of list) {
        const start = at * 8;
        const own = Array.from({ length: size * 8 }, (_, index) => start + index);
        const known = own.filter((byte) => bytes.has(byte)).length;
        const packet = piece(size * 8);
        const answer = datagram.insert(packet, start, false);
        if (answer !== "added") packet.release();
        assert.equal(answer, known === 0 ? "added" : known === own.length ? "duplicate" : "overlap");
        if (answer === "added") for (const byte of own) bytes.add(byte);
      }
      let held = 0;
      for (const packet of datagram.takeAll()) {
        held += packet.length;
        packet.release();
      }
      assert.equal(held, bytes.size);
    }),
  );
});
