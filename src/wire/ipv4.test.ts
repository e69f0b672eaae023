import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { type IpAddress, ip } from "../address/ip.ts";
import { finish, fold, sum } from "../base/checksum.ts";
import * as ipv4 from "./ipv4.ts";

const at = 3;

function header(hopLimit = 64, length = 40): DataView {
  const view = new DataView(new ArrayBuffer(100));
  ipv4.writeIpv4Header(view, at, length, 0xb8, 0xabcd, 0x4000, hopLimit, 17, ip("192.168.0.1"), ip("192.168.0.199"));
  return view;
}

test("a header of a real packet gets the checksum it had", () => {
  const view = new DataView(new ArrayBuffer(20));
  ipv4.writeIpv4Header(view, 0, 0x73, 0, 0, 0x4000, 0x40, 17, ip("192.168.0.1"), ip("192.168.0.199"));
  assert.equal(
    Buffer.from(view.buffer).toString("hex"),
    "450000730000400040 11b861 c0a80001 c0a800c7".replaceAll(" ", ""),
  );
});

test("what is written is read again", () => {
  const view = header();
  assert.equal(ipv4.checkIpv4Header(view, at, at + 40), undefined);
  assert.equal(ipv4.readIpv4HeaderLength(view, at), 20);
  assert.equal(ipv4.readIpv4TrafficClass(view, at), 0xb8);
  assert.equal(ipv4.readIpv4Length(view, at), 40);
  assert.equal(ipv4.readIpv4Identification(view, at), 0xabcd);
  assert.equal(ipv4.readIpv4Fragment(view, at), ipv4.IPV4_DONT_FRAGMENT);
  assert.ok(!ipv4.isIpv4Fragment(view, at));
  assert.equal(ipv4.readIpv4HopLimit(view, at), 64);
  assert.equal(ipv4.readIpv4Protocol(view, at), 17);
  assert.equal(ipv4.readIpv4Source(view, at), ip("192.168.0.1"));
  assert.equal(ipv4.readIpv4Destination(view, at), ip("192.168.0.199"));
});

test("padding behind the datagram is no fault, a datagram cut short is", () => {
  assert.equal(ipv4.checkIpv4Header(header(), at, at + 60), undefined);
  assert.equal(ipv4.checkIpv4Header(header(), at, at + 39), "malformed");
  assert.equal(ipv4.checkIpv4Header(header(), at, at + 19), "malformed");
});

test("another version, a short header, a header longer than the datagram: malformed (RFC 1122 §3.2.1.1)", () => {
  for (const first of [0x65, 0x44, 0x4f]) {
    const view = header();
    view.setUint8(at, first);
    assert.equal(ipv4.checkIpv4Header(view, at, at + 40), "malformed", first.toString(16));
  }
  const view = header();
  view.setUint16(at + 2, 19);
  assert.equal(ipv4.checkIpv4Header(view, at, at + 40), "malformed");
});

test("any single bit that flips is seen (RFC 1122 §3.2.1.2)", () => {
  for (let bit = 0; bit < 160; bit++) {
    const view = header();
    view.setUint8(at + (bit >> 3), view.getUint8(at + (bit >> 3)) ^ (1 << (bit & 7)));
    assert.notEqual(ipv4.checkIpv4Header(view, at, at + 100), undefined, `bit ${bit}`);
  }
});

test("a header written at once has the checksum of RFC 1071, whatever its fields", () => {
  const word = fc.integer({ min: 0, max: 0xffff });
  const octet = fc.integer({ min: 0, max: 255 });
  const address = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(word, word, word, octet, octet, octet, address, address, (length, id, flags, tos, ttl, proto, a, b) => {
      const view = new DataView(new ArrayBuffer(20));
      ipv4.writeIpv4Header(view, 0, length, tos, id, flags, ttl, proto, a as IpAddress, b as IpAddress);
      assert.equal(fold(sum(view, 0, 20)), 0xffff);
    }),
  );
});

test("a hop takes one off the time to live and mends the checksum (RFC 1624)", () => {
  for (let hopLimit = 1; hopLimit <= 255; hopLimit++) {
    const view = header(hopLimit);
    ipv4.decrementIpv4HopLimit(view, at);
    assert.equal(ipv4.readIpv4HopLimit(view, at), hopLimit - 1);
    assert.equal(ipv4.checkIpv4Header(view, at, at + 40), undefined);
  }
});

test("a rewritten header has its new length, fragment word and checksum", () => {
  const view = header();
  ipv4.rewriteIpv4Header(view, at, 24, 90, ipv4.IPV4_MORE_FRAGMENTS | 5);
  assert.equal(ipv4.checkIpv4Header(view, at, at + 90), undefined);
  assert.ok(ipv4.isIpv4Fragment(view, at));
  assert.deepEqual([ipv4.readIpv4HeaderLength(view, at), ipv4.readIpv4Length(view, at)], [24, 90]);
  assert.equal(finish(sum(view, at, at + 24)), 0);
});
