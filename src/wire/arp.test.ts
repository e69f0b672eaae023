import assert from "node:assert/strict";
import test from "node:test";
import { ip } from "../address/ip.ts";
import { type MacAddress, parseMac, ZERO_MAC } from "../address/mac.ts";
import * as arp from "./arp.ts";

const MAC = parseMac("02:00:00:00:00:01") as MacAddress;

function request(): DataView {
  const view = new DataView(new ArrayBuffer(arp.ARP_LENGTH + 4));
  arp.writeArp(view, 2, arp.ARP_REQUEST, MAC, ip("10.0.0.1"), ZERO_MAC, ip("10.0.0.2"));
  return view;
}

test("a request stands as RFC 826 draws it", () => {
  const bytes = new Uint8Array(request().buffer, 2, arp.ARP_LENGTH);
  assert.equal(Buffer.from(bytes).toString("hex"), "00010800060400010200000000010a0000010000000000000a000002");
});

test("what is written is read again, at any offset", () => {
  const view = request();
  assert.ok(arp.checkArp(view, 2, 2 + arp.ARP_LENGTH));
  assert.equal(arp.readArpOperation(view, 2), arp.ARP_REQUEST);
  assert.equal(arp.readArpSenderMac(view, 2), MAC);
  assert.equal(arp.readArpSender(view, 2), ip("10.0.0.1"));
  assert.equal(arp.readArpTargetMac(view, 2), ZERO_MAC);
  assert.equal(arp.readArpTarget(view, 2), ip("10.0.0.2"));
});

test("what is short, or about other hardware or another protocol, is refused", () => {
  assert.ok(!arp.checkArp(request(), 2, 1 + arp.ARP_LENGTH));
  for (const [at, value] of [
    [0, 6],
    [2, 0x86dd],
    [4, 0x0804],
    [4, 0x0610],
  ] as const) {
    const view = request();
    view.setUint16(2 + at, value);
    assert.ok(!arp.checkArp(view, 2, 2 + arp.ARP_LENGTH), `field at ${at}`);
  }
});
