import assert from "node:assert/strict";
import test from "node:test";
import * as icmp from "./icmpv4.ts";

test("a message is written with its checksum and read again", () => {
  const view = new DataView(new ArrayBuffer(14));
  view.setUint8(11, 0x61);
  icmp.writeIcmp(view, 1, 12, icmp.ICMP_ECHO_REQUEST, 0, 0x12345678);
  assert.equal(icmp.checkIcmp(view, 1, 12), undefined);
  assert.equal(icmp.readIcmpType(view, 1), 8);
  assert.equal(icmp.readIcmpCode(view, 1), 0);
  assert.equal(icmp.readIcmpIdentifier(view, 1), 0x1234);
  assert.equal(icmp.readIcmpSequence(view, 1), 0x5678);
});

test("a short message is malformed, a changed one has a wrong checksum", () => {
  const view = new DataView(new ArrayBuffer(12));
  icmp.writeIcmp(view, 0, 12, icmp.ICMP_UNREACHABLE, icmp.UNREACHABLE_FRAGMENTATION_NEEDED, 576);
  assert.equal(icmp.readIcmpNextHopMtu(view, 0), 576);
  assert.equal(icmp.checkIcmp(view, 0, 7), "malformed");
  view.setUint8(8, 1);
  assert.equal(icmp.checkIcmp(view, 0, 12), "checksum");
});

test("queries are no errors; everything else counts as one (RFC 1122 §3.2.2)", () => {
  const queries = Array.from({ length: 256 }, (_, type) => type).filter((type) => !icmp.isIcmpError(type));
  assert.deepEqual(queries, [0, 8, 9, 10, 13, 14, 15, 16, 17, 18]);
});
