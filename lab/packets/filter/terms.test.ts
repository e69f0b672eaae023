import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "./terms.ts";

test("a term alone is the filter", () => {
  assert.equal(joined("", "tcp.port == 80", "and"), "tcp.port == 80");
  assert.equal(joined("udp", "tcp", "apply"), "tcp");
  assert.equal(joined("", "tcp.port == 80", "not"), "!(tcp.port == 80)");
});

test("terms are joined so that the old filter keeps its meaning", () => {
  assert.equal(joined("tcp", "ip.ttl == 64", "and"), "tcp && ip.ttl == 64");
  assert.equal(joined("tcp || udp", "ip.ttl == 64", "and"), "(tcp || udp) && ip.ttl == 64");
  assert.equal(joined("(tcp || udp)", "ip.ttl == 64", "not"), "(tcp || udp) && !(ip.ttl == 64)");
  assert.equal(joined("tcp", "a == 1 and b == 2", "or"), "tcp || (a == 1 and b == 2)");
});

test("what is in a string or is not equal joins nothing", () => {
  assert.equal(joined('http.host == "a && b"', "tcp", "or"), 'http.host == "a && b" || tcp');
  assert.equal(joined("tcp.port != 80", "tcp", "and"), "tcp.port != 80 && tcp");
});
