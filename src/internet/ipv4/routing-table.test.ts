import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { type IpAddress, ip } from "../../address/ip.ts";
import { contains, type Prefix, parsePrefix, prefixOf } from "../../address/prefix.ts";
import { type RoutingEntry, RoutingTable } from "./routing-table.ts";

const alive = (): boolean => true;
const prefix = (text: string): Prefix => parsePrefix(text)?.prefix as Prefix;

function entry(text: string, gateway: string | undefined, metric = 0): RoutingEntry {
  const next = gateway === undefined ? undefined : ip(gateway);
  return { prefix: prefix(text), kind: "unicast", gateway: next, via: undefined, metric, connected: false };
}

test("the longest prefix wins", () => {
  const table = new RoutingTable();
  const routes = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32"];
  for (const [index, text] of routes.entries()) table.add(entry(text, `192.168.0.${index}`));
  const found = (text: string) => (table.find(ip(text), alive)?.gateway ?? 0) & 255;
  assert.deepEqual(["8.8.8.8", "10.9.9.9", "10.1.9.9", "10.1.2.9", "10.1.2.3"].map(found), [0, 1, 2, 3, 4]);
});

test("no route, no answer", () => {
  const table = new RoutingTable();
  table.add(entry("10.0.0.0/8", "192.168.0.1"));
  assert.equal(table.find(ip("11.0.0.1"), alive), undefined);
});

test("among routes to one prefix the lowest metric is taken, among equals the first", () => {
  const table = new RoutingTable();
  table.add(entry("0.0.0.0/0", "10.0.0.3", 20));
  table.add(entry("0.0.0.0/0", "10.0.0.1", 10));
  table.add(entry("0.0.0.0/0", "10.0.0.2", 10));
  assert.equal(table.find(ip("8.8.8.8"), alive)?.gateway, ip("10.0.0.1"));
});

test("a dead route is passed over while another of its prefix is alive (RFC 1122 §3.3.1.5)", () => {
  const table = new RoutingTable();
  table.add(entry("0.0.0.0/0", "10.0.0.1", 10));
  table.add(entry("0.0.0.0/0", "10.0.0.2", 20));
  const isAlive = ({ gateway }: RoutingEntry) => gateway !== ip("10.0.0.1");
  assert.equal(table.find(ip("8.8.8.8"), isAlive)?.gateway, ip("10.0.0.2"));
  assert.equal(table.find(ip("8.8.8.8"), () => false)?.gateway, ip("10.0.0.1"));
});

test("the same route twice is refused, and what was removed is gone", () => {
  const table = new RoutingTable();
  assert.ok(table.add(entry("10.0.0.0/8", "192.168.0.1")));
  assert.ok(!table.add(entry("10.0.0.0/8", "192.168.0.1")));
  assert.ok(table.add(entry("10.0.0.0/8", "192.168.0.2")));
  assert.ok(table.usesGateway(ip("192.168.0.1")));
  assert.equal(
    table.remove(({ gateway }) => gateway === ip("192.168.0.1")),
    1,
  );
  assert.ok(!table.usesGateway(ip("192.168.0.1")));
  assert.equal(table.find(ip("10.0.0.1"), alive)?.gateway, ip("192.168.0.2"));
  assert.equal(table.remove(alive), 1);
  assert.equal(table.find(ip("10.0.0.1"), alive), undefined);
  assert.deepEqual(table.snapshot(), []);
});

test("the table finds what a search of every route finds", () => {
  const address = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => value as IpAddress);
  // Few distinct bits, so that prefixes nest.
  const near = fc.nat(255).map((value) => (0x0a000000 | (value << 20)) as IpAddress);
  const routes = fc.array(fc.tuple(fc.oneof(address, near), fc.nat(32)), { maxLength: 40 });
  fc.assert(
    fc.property(routes, fc.oneof(address, near), (list, wanted) => {
      const table = new RoutingTable();
      const all = list.map(([at, length], index) => ({
        ...entry("0.0.0.0/0", undefined, index),
        prefix: prefixOf(at, length),
      }));
      for (const each of all) table.add(each);
      const fitting = all.filter((each) => contains(each.prefix, wanted));
      const best = fitting.sort(
        (one, other) => other.prefix.length - one.prefix.length || one.metric - other.metric,
      )[0];
      assert.equal(table.find(wanted, alive), best);
    }),
  );
});
