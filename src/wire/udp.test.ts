import assert from "node:assert/strict";
import test from "node:test";
import * as udp from "./udp.ts";

test("what is written is read again", () => {
  const view = new DataView(new ArrayBuffer(20));
  udp.writeUdpHeader(view, 1, 53, 65_535, 12);
  udp.writeUdpChecksum(view, 1, 0x1234);
  assert.ok(udp.checkUdpHeader(view, 1, 13));
  assert.equal(udp.readUdpSourcePort(view, 1), 53);
  assert.equal(udp.readUdpDestinationPort(view, 1), 65_535);
  assert.equal(udp.readUdpLength(view, 1), 12);
  assert.equal(udp.readUdpChecksum(view, 1), 0x1234);
});

test("a computed checksum of zero is sent as all ones (RFC 768)", () => {
  const view = new DataView(new ArrayBuffer(8));
  udp.writeUdpChecksum(view, 0, 0);
  assert.equal(udp.readUdpChecksum(view, 0), 0xffff);
});

test("a length field below eight or past the end is refused", () => {
  const view = new DataView(new ArrayBuffer(16));
  for (const [length, room, whole] of [
    [8, 8, true],
    [7, 8, false],
    [0, 8, false],
    [9, 8, false],
    [9, 16, true],
    [8, 7, false],
  ] as const) {
    udp.writeUdpHeader(view, 0, 1, 2, length);
    assert.equal(udp.checkUdpHeader(view, 0, room), whole, `length ${length} in ${room}`);
  }
});
