import assert from "node:assert/strict";
import test from "node:test";
import { Lab } from "../../../test/fixtures/hosts.ts";
import { type IpAddress, ip } from "../../address/ip.ts";
import { multicastMac, ROUTE_CACHE_LIMIT } from "./routes.ts";

test("a group's MAC address has the low 23 bits of its address (RFC 1112 §6.4)", () => {
  assert.equal(multicastMac(ip("224.0.0.1")), 0x01005e000001);
  assert.equal(multicastMac(ip("239.255.255.250")), 0x01005e7ffffa);
  assert.equal(multicastMac(ip("224.128.0.1")), 0x01005e000001);
});

test("one destination has one route while nothing changes, so that no datagram costs a new one", () => {
  const lab = new Lab();
  const host = lab.host("pc1");
  lab.nic(host, "10.0.0.1/8");
  const first = host.internet.route(ip("10.0.0.2"));
  assert.equal(host.internet.route(ip("10.0.0.2")), first);
  host.addRoute("192.0.2.0/24", "10.0.0.254");
  assert.notEqual(host.internet.route(ip("10.0.0.2")), first);
});

test("the cache of routes has a limit, which nothing but memory notices", () => {
  const lab = new Lab();
  const host = lab.host("pc1");
  lab.nic(host, "10.0.0.1/8");
  const first = host.internet.route(ip("10.1.0.0"));
  for (let count = 0; count <= ROUTE_CACHE_LIMIT; count++) {
    assert.ok(typeof host.internet.route((ip("10.1.0.0") + count) as IpAddress) !== "string");
  }
  assert.notEqual(host.internet.route(ip("10.1.0.0")), first);
});

test("a host without a network has no route, not even to everybody", () => {
  const lab = new Lab();
  const host = lab.host("pc1");
  host.addNic();
  for (const to of ["10.0.0.1", "255.255.255.255", "224.0.0.1"])
    assert.equal(host.internet.route(ip(to)), "ENETUNREACH");
  assert.ok(typeof host.internet.route(ip("127.0.0.1")) !== "string");
});
