import assert from "node:assert/strict";
import test from "node:test";
import { Lab } from "../../../test/fixtures/hosts.ts";
import { formatIp, ip } from "../../address/ip.ts";
import { writeIcmp } from "../../wire/icmpv4.ts";
import { readIpv4HopLimit, readIpv4Source } from "../../wire/ipv4.ts";
import type { RawIcmpEndpoint } from "./raw.ts";

const ECHO_AT = 20;

function echoRequest(data = 8): Uint8Array {
  const message = new Uint8Array(8 + data);
  writeIcmp(new DataView(message.buffer), 0, message.length, 8, 0, 0x12340001);
  return message;
}

/** What an endpoint has heard: who sent it, and the message's type and code. */
function heard(endpoint: RawIcmpEndpoint): string[] {
  const texts: string[] = [];
  const into = new Uint8Array(65_535);
  for (;;) {
    const received = endpoint.receive(into);
    if (typeof received === "string") return texts;
    const view = new DataView(into.buffer, 0, received.length);
    assert.equal(readIpv4Source(view, 0), received.address);
    texts.push(
      `${formatIp(received.address)} ${into[ECHO_AT]}/${into[ECHO_AT + 1]} ${received.length} ttl ${readIpv4HopLimit(view, 0)}`,
    );
  }
}

test("a message goes out as it is, and the answer is heard from its IPv4 header on", () => {
  const lab = new Lab();
  const { a, b, nicA } = lab.pair();
  const raw = a.internet.icmp.raw.open();
  const other = b.internet.icmp.raw.open();
  let edges = 0;
  raw.onReady = () => edges++;
  assert.equal(raw.send(echoRequest(), { address: ip("10.0.0.2") }), 16);
  lab.run();
  assert.equal(edges, 1);
  assert.deepEqual(heard(raw), ["10.0.0.2 0/0 36 ttl 64"]);
  assert.deepEqual(heard(other), ["10.0.0.1 8/0 36 ttl 64"], "as on Linux, requests are heard as well as answered");
  assert.equal(nicA.counters.drops.get("icmp-ignored"), undefined);
  raw.close();
  other.close();
  assert.equal(lab.pool.inUse, 0);
});

test("a router's error is heard, by every endpoint it is for", () => {
  const lab = new Lab();
  const { a } = lab.routed();
  const raw = a.internet.icmp.raw.open();
  const all = a.internet.icmp.raw.open();
  const loopback = a.internet.icmp.raw.open();
  const fromOther = a.internet.icmp.raw.open();
  assert.equal(loopback.bind(ip("127.0.0.1"), 0), undefined);
  assert.equal(fromOther.connect(ip("10.0.2.1"), 0), undefined);
  raw.hopLimit = 1;
  raw.send(echoRequest(), { address: ip("10.0.2.1") });
  lab.run();
  assert.deepEqual(heard(raw), ["10.0.1.254 11/0 64 ttl 64"]);
  assert.deepEqual(heard(all), ["10.0.1.254 11/0 64 ttl 64"]);
  assert.deepEqual([...heard(loopback), ...heard(fromOther)], []);
});

test("a next hop that does not answer is heard as a host unreachable of our own, as on Linux", () => {
  const lab = new Lab();
  const { a } = lab.pair();
  const raw = a.internet.icmp.raw.open();
  raw.send(echoRequest(), { address: ip("10.0.0.77") });
  const udp = a.udp.open();
  udp.send(new Uint8Array(3), { address: ip("10.0.0.78"), port: 9 });
  lab.run(5);
  assert.deepEqual(heard(raw), ["10.0.0.1 3/1 64 ttl 64", "10.0.0.1 3/1 59 ttl 64"]);
});

test("what cannot go is refused", () => {
  const lab = new Lab();
  const { a } = lab.pair();
  const raw = a.internet.icmp.raw.open();
  assert.equal(raw.send(echoRequest(), { address: ip("192.0.2.1") }), "ENETUNREACH");
  assert.equal(raw.send(echoRequest(), { address: ip("10.0.0.255") }), "EACCES");
  assert.equal(raw.send(echoRequest(65_508), { address: ip("10.0.0.2") }), "EMSGSIZE");
  assert.equal(raw.bind(ip("10.0.0.9"), 0), "EADDRNOTAVAIL");
  raw.broadcast = true;
  assert.equal(raw.send(echoRequest(), { address: ip("10.0.0.255") }), 16);
});

test("what nobody takes is held up to a limit, and a closed endpoint hears nothing", () => {
  const lab = new Lab();
  const { a } = lab.pair();
  const raw = a.internet.icmp.raw.open();
  raw.receiveLimit = 1000;
  for (let count = 0; count < 5; count++) raw.send(echoRequest(64), { address: ip("10.0.0.2") });
  lab.run();
  assert.equal(heard(raw).length, 2);
  raw.send(echoRequest(64), { address: ip("10.0.0.2") });
  raw.close();
  lab.run();
  assert.equal(raw.readable, false);
});
