import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { BROADCAST_MAC, type MacAddress } from "../address/mac.ts";
import {
  checkEthernetHeader,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  isGroupFrame,
  MIN_FRAME_LENGTH,
  readDestinationMac,
  readEtherType,
  readSourceMac,
  wireBits,
  writeEthernetHeader,
} from "./ethernet.ts";

test("a header stands on the wire as destination, source, type (RFC 894)", () => {
  const bytes = new Uint8Array(16);
  writeEthernetHeader(new DataView(bytes.buffer), 1, BROADCAST_MAC, 0x020000000001 as MacAddress, ETHERTYPE_ARP);
  assert.deepEqual(
    [...bytes],
    [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0],
  );
});

test("what is written is read", () => {
  const mac = fc.integer({ min: 0, max: 2 ** 48 - 1 }).map((value) => value as MacAddress);
  fc.assert(
    fc.property(mac, mac, fc.nat(0xffff), fc.nat(9), (destination, source, type, at) => {
      const view = new DataView(new ArrayBuffer(32));
      writeEthernetHeader(view, at, destination, source, type);
      assert.equal(readDestinationMac(view, at), destination);
      assert.equal(readSourceMac(view, at), source);
      assert.equal(readEtherType(view, at), type);
    }),
  );
});

test("the group bit is the lowest of the first octet", () => {
  const view = new DataView(new ArrayBuffer(14));
  writeEthernetHeader(view, 0, BROADCAST_MAC, 0 as MacAddress, ETHERTYPE_IPV4);
  assert.ok(isGroupFrame(view, 0));
  writeEthernetHeader(view, 0, 0x02ffffffffff as MacAddress, 0 as MacAddress, ETHERTYPE_IPV4);
  assert.ok(!isGroupFrame(view, 0));
});

test("fewer than 14 bytes are no header", () => {
  assert.ok(!checkEthernetHeader(3, 16));
  assert.ok(checkEthernetHeader(3, 17));
});

test("the shortest frame takes 84 octet times of a line, 67.2 µs at 10 Mbit/s", () => {
  assert.equal(wireBits(MIN_FRAME_LENGTH), 84 * 8);
  assert.equal(wireBits(1514), 1538 * 8, "a full one 1538");
});
