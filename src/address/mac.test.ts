import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { BROADCAST_MAC, formatMac, isGroupMac, type MacAddress, parseMac, readMac, writeMac } from "./mac.ts";

test("text and octets go there and back", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const mac = (value % 2 ** 48) as MacAddress;
      assert.equal(parseMac(formatMac(mac)), mac);
      const view = new DataView(new ArrayBuffer(8));
      writeMac(view, 1, mac);
      assert.equal(readMac(view, 1), mac);
    }),
  );
  assert.equal(formatMac(1 as MacAddress), "00:00:00:00:00:01");
  assert.equal(parseMac("02-00-5E-00-00-AB"), 0x02005e0000ab);
  for (const bad of ["", "02:00", "02:00:00:00:00:0g", "02:00-00:00:00:01", "0200.0000.0001"]) {
    assert.equal(parseMac(bad), undefined);
  }
});

test("group addresses have the lowest bit of the first octet", () => {
  assert.ok(isGroupMac(BROADCAST_MAC));
  assert.ok(isGroupMac(0x01005e000001 as MacAddress));
  assert.ok(!isGroupMac(0x020000000001 as MacAddress));
});
