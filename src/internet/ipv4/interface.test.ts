import assert from "node:assert/strict";
import test from "node:test";
import { Bench } from "../../../test/fixtures/link.ts";
import { ANY, BROADCAST, ip } from "../../address/ip.ts";
import { Interface, Interfaces } from "./interface.ts";

function two() {
  const bench = new Bench();
  const interfaces = new Interfaces();
  const first = new Interface(bench.nic("pc1"), undefined);
  const second = new Interface(bench.nic("pc1", { mtu: 9000 }), undefined);
  interfaces.add(first);
  interfaces.add(second);
  return { interfaces, first, second };
}

test("an address of any interface is the host's own, and all of 127/8", () => {
  const { interfaces, first, second } = two();
  interfaces.addAddress(first, ip("10.0.0.1"), 24);
  interfaces.addAddress(second, ip("10.0.1.1"), 24);
  assert.ok(
    interfaces.isLocal(ip("10.0.0.1")) && interfaces.isLocal(ip("10.0.1.1")) && interfaces.isLocal(ip("127.9.9.9")),
  );
  assert.ok(!interfaces.isLocal(ip("10.0.0.2")));
  assert.equal(interfaces.holding(ip("10.0.1.1")), second);
});

test("both forms of a network's broadcast address are recognised (RFC 1122 §3.3.6)", () => {
  const { interfaces, first } = two();
  interfaces.addAddress(first, ip("10.0.0.1"), 24);
  assert.ok(interfaces.isBroadcast(ip("10.0.0.255")) && interfaces.isBroadcast(ip("10.0.0.0")));
  assert.ok(interfaces.isBroadcast(BROADCAST));
  assert.ok(!interfaces.isBroadcast(ip("10.0.1.255")));
  assert.equal(interfaces.broadcasting(ip("10.0.0.255")), first);
});

test("a network of two has no broadcast address (RFC 3021), nor has one of one", () => {
  const { interfaces, first } = two();
  interfaces.addAddress(first, ip("10.0.0.1"), 31);
  interfaces.addAddress(first, ip("10.0.0.9"), 32);
  assert.ok(!interfaces.isBroadcast(ip("10.0.0.0")) && !interfaces.isBroadcast(ip("10.0.0.9")));
});

test("the address in a neighbour's network is preferred, then the first", () => {
  const { interfaces, first } = two();
  assert.equal(first.addressTowards(ip("10.0.0.2")), ANY);
  interfaces.addAddress(first, ip("10.0.0.1"), 24);
  interfaces.addAddress(first, ip("10.0.5.1"), 24);
  assert.equal(first.addressTowards(ip("10.0.5.2")), ip("10.0.5.1"));
  assert.equal(first.addressTowards(ip("8.8.8.8")), ip("10.0.0.1"));
});

test("a removed address is nobody's; one given twice is refused", () => {
  const { interfaces, first } = two();
  interfaces.addAddress(first, ip("10.0.0.1"), 24);
  assert.equal(interfaces.addAddress(first, ip("10.0.0.1"), 24), undefined);
  assert.equal(interfaces.removeAddress(first, ip("10.0.0.1"))?.prefix.length, 24);
  assert.ok(!interfaces.isLocal(ip("10.0.0.1")) && !interfaces.isBroadcast(ip("10.0.0.255")));
  assert.equal(interfaces.removeAddress(first, ip("10.0.0.1")), undefined);
});
