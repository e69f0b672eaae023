import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { ip } from "../../address/ip.ts";
import type { MacAddress } from "../../address/mac.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { readDestinationMac, readEtherType, readSourceMac } from "../../wire/ethernet.ts";
import { permanentNeighbor, unknownNeighbor } from "./neighbor.ts";

test("the prepared link header is the one that Ethernet wants, whatever the MAC addresses", () => {
  const mac = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  const pool = new PacketPool();
  fc.assert(
    fc.property(mac, mac, fc.integer({ min: 0, max: 0xffff }), (to, from, type) => {
      const packet = pool.allocate(10);
      permanentNeighbor(ip("10.0.0.1"), to as MacAddress, from as MacAddress, type).push(packet);
      const { view, start } = packet;
      assert.equal(packet.length, 14);
      assert.deepEqual(
        [readDestinationMac(view, start), readSourceMac(view, start), readEtherType(view, start)],
        [to, from, type],
      );
      packet.release();
    }),
  );
});

test("one that is permanent is always usable, an unknown one never", () => {
  assert.ok(permanentNeighbor(ip("10.0.0.1"), 1 as MacAddress, 2 as MacAddress, 0x800).usableUntil > 1e18);
  const unknown = unknownNeighbor(ip("10.0.0.1"));
  assert.ok(unknown.usableUntil < 0 && unknown.detached);
});
