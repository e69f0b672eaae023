import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  addressSum,
  BROADCAST,
  formatIp,
  type IpAddress,
  ip,
  isLoopback,
  isMulticast,
  isReserved,
  parseIp,
} from "./ip.ts";
import { broadcastOf, contains, formatPrefix, parsePrefix, prefixOf } from "./prefix.ts";

test("text goes there and back for every address", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (value) => {
      assert.equal(parseIp(formatIp(value as IpAddress)), value);
    }),
  );
  for (const bad of ["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.-4", "1.2.3.4 ", "::1", "a.b.c.d"]) {
    assert.equal(parseIp(bad), undefined, bad);
  }
  assert.throws(() => ip("10.0.0"), RangeError);
});

test("special addresses are told apart", () => {
  assert.equal(ip("255.255.255.255"), BROADCAST);
  assert.ok(isMulticast(ip("224.0.0.1")) && isMulticast(ip("239.255.255.255")) && !isMulticast(ip("240.0.0.1")));
  assert.ok(isLoopback(ip("127.9.9.9")) && !isLoopback(ip("128.0.0.1")));
  assert.ok(isReserved(ip("240.0.0.1")) && !isReserved(BROADCAST));
  assert.equal(addressSum(ip("192.168.1.2")), 0xc0a8 + 0x0102);
});

test("prefixes contain their addresses and no other", () => {
  const parsed = parsePrefix("10.0.1.77/24");
  assert.ok(parsed);
  assert.equal(formatIp(parsed.address), "10.0.1.77");
  assert.equal(formatPrefix(parsed.prefix), "10.0.1.0/24");
  assert.ok(contains(parsed.prefix, ip("10.0.1.255")) && !contains(parsed.prefix, ip("10.0.2.0")));
  assert.equal(broadcastOf(parsed.prefix), ip("10.0.1.255"));
  assert.equal(broadcastOf(prefixOf(ip("10.0.0.0"), 31)), undefined);
  assert.ok(contains(prefixOf(ip("0.0.0.0"), 0), ip("255.1.2.3")), "the default route contains everything");
  for (const bad of ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/-1", "/8"])
    assert.equal(parsePrefix(bad), undefined);
});
