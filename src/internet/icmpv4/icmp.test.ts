import assert from "node:assert/strict";
import test from "node:test";
import { drops, Lab } from "../../../test/fixtures/hosts.ts";
import { type Heard, icmpMessage, Stranger, udpDatagram } from "../../../test/fixtures/stranger.ts";
import { type IpAddress, ip } from "../../address/ip.ts";
import { finish, sum } from "../../base/checksum.ts";
import { writeIpv4Header } from "../../wire/ipv4.ts";
import type { EchoFailure, EchoReply } from "./echo.ts";

function host() {
  const lab = new Lab();
  const own = lab.host("pc1");
  const nic = lab.nic(own, "10.0.0.1/24");
  const stranger = new Stranger(lab, nic);
  lab.run();
  return { lab, own, nic, stranger };
}

const PING = { protocol: 1 };
const start = (heard: Heard | undefined, count = 2) => [...(heard?.payload.subarray(0, count) ?? [])];

test("an echo request comes back with the same data, from the address that was asked (RFC 1122 §3.2.2.6)", () => {
  const { stranger } = host();
  const [reply] = stranger.send(icmpMessage(8, 0, 0x12345678, [9, 8, 7]), { ...PING, trafficClass: 0x10 });
  assert.deepEqual(start(reply), [0, 0]);
  assert.deepEqual([...(reply?.payload.subarray(4) ?? [])], [0x12, 0x34, 0x56, 0x78, 9, 8, 7]);
  const view = new DataView(reply?.payload.buffer as ArrayBuffer);
  assert.equal(finish(sum(view, 0, view.byteLength)), 0);
  assert.deepEqual([reply?.source, reply?.destination, reply?.hopLimit], [ip("10.0.0.1"), ip("10.0.0.2"), 64]);
  assert.equal(reply?.trafficClass, 0x10);
});

test("an echo request to everybody is ignored, as Linux does", () => {
  const { stranger, nic } = host();
  assert.deepEqual(stranger.send(icmpMessage(8, 0, 1), { ...PING, to: "10.0.0.255", mac: 0xffffffffffff }), []);
  assert.equal(drops(nic, "icmp-ignored"), 1);
});

test("a reply records its route when the request did", () => {
  const { stranger } = host();
  const [reply] = stranger.send(icmpMessage(8, 0, 1), { ...PING, headerOptions: [7, 7, 4, 0, 0, 0, 0, 0] });
  assert.deepEqual([...(reply?.header.subarray(20) ?? [])], [7, 7, 8, 10, 0, 0, 1, 0]);
});

test("a short message, a bad checksum, an unknown type: dropped without a word", () => {
  const { stranger, nic } = host();
  stranger.send([8, 0, 0, 0], PING);
  stranger.send([8, 0, 1, 1, 0, 0, 0, 0], PING);
  stranger.send(icmpMessage(42, 0, 0), PING);
  assert.deepEqual(stranger.heard, []);
  assert.deepEqual([drops(nic, "icmp-malformed"), drops(nic, "icmp-checksum"), drops(nic, "icmp-ignored")], [1, 1, 1]);
});

test("redirects and source quenches are counted and ignored", () => {
  const { own, stranger } = host();
  stranger.send(icmpMessage(5, 1, 0, new Uint8Array(28)), PING);
  stranger.send(icmpMessage(4, 0, 0, new Uint8Array(28)), PING);
  assert.equal(own.internet.icmp.counters.redirectsReceived, 1);
  assert.equal(own.internet.icmp.counters.sourceQuenchesReceived, 1);
});

test("an error is at most 576 bytes long and quotes what came (RFC 1812 §4.3.2.3)", () => {
  const { stranger } = host();
  const datagram = udpDatagram(5, 9, new Uint8Array(1000).fill(3));
  const [error] = stranger.send(datagram, { identification: 77 });
  assert.deepEqual(start(error), [3, 3]);
  assert.equal(error?.payload.length, 556);
  assert.equal(error?.trafficClass, 0xc0);
  assert.deepEqual(error?.payload.subarray(28, 60), datagram.subarray(0, 32));
  const view = new DataView(error?.payload.buffer as ArrayBuffer);
  assert.deepEqual([view.getUint16(10), view.getUint16(12)], [1028, 77]);
});

test("a flood is not answered by a flood (RFC 1812 §4.3.2.8)", () => {
  const lab = new Lab();
  const { a, nicA } = lab.pair();
  const flood = a.udp.open();
  for (let count = 0; count < 20; count++) flood.send(new Uint8Array(1), { address: ip("10.0.0.2"), port: 9 });
  lab.run();
  assert.equal(
    nicA.counters.receivedFrames,
    1 + 6 + 1,
    "the answer to ARP, six errors, and the peer's own announcement",
  );
  assert.equal(lab.pool.inUse, 0);
});

/** An error about a datagram of the host's. */
function errorAbout(
  inner: { protocol: number; to: string; payload: Uint8Array; length?: number },
  type: number,
  code: number,
  rest = 0,
) {
  const { protocol, to, payload, length = 20 + payload.length } = inner;
  const quoted = new Uint8Array(20 + payload.length);
  writeIpv4Header(new DataView(quoted.buffer), 0, length, 0, 1, 0, 64, protocol, ip("10.0.0.1"), ip(to));
  quoted.set(payload, 20);
  return icmpMessage(type, code, rest, quoted);
}

test("an error about a ping of ours reaches its endpoint, with who said so", () => {
  const { own, stranger } = host();
  const echo = own.internet.icmp.openEcho(0x1234);
  const failures: EchoFailure[] = [];
  if (echo !== undefined) echo.onFailure = (failure) => failures.push(failure);
  const payload = icmpMessage(8, 0, 0x12340005);
  stranger.send(errorAbout({ protocol: 1, to: "8.8.8.8", payload }, 11, 0), { ...PING, from: "10.0.0.254" });
  stranger.send(errorAbout({ protocol: 1, to: "8.8.8.8", payload }, 3, 13), { ...PING, from: "10.0.0.254" });
  const common = { sequence: 5, to: ip("8.8.8.8"), from: ip("10.0.0.254") };
  assert.deepEqual(failures, [
    { ...common, kind: "hop-limit-exceeded", errno: "EHOSTUNREACH" },
    { ...common, kind: "prohibited", errno: "EHOSTUNREACH" },
  ]);
});

test("an error about a datagram that is not ours, or cut too short, changes nothing", () => {
  const { own, nic, stranger } = host();
  const quoted = new Uint8Array(28);
  writeIpv4Header(new DataView(quoted.buffer), 0, 28, 0, 1, 0, 64, 17, ip("10.0.0.9"), ip("10.0.0.2"));
  stranger.send(icmpMessage(3, 3, 0, quoted), PING);
  stranger.send(icmpMessage(3, 99, 0, quoted), PING);
  assert.equal(drops(nic, "icmp-ignored"), 2);
  stranger.send(icmpMessage(3, 3, 0, quoted.subarray(0, 27)), PING);
  stranger.send(icmpMessage(3, 3, 0, new Uint8Array(28)), PING);
  stranger.send(icmpMessage(3, 3, 0), PING);
  assert.equal(drops(nic, "icmp-malformed"), 3);
  assert.equal(own.internet.icmp.counters.errorsReceived, 0);
});

test("'fragmentation needed' is heeded when it makes sense: for ten minutes datagrams are shorter (RFC 1191)", () => {
  const { lab, own, nic, stranger } = host();
  const route = own.internet.route(ip("10.0.0.2"));
  assert.ok(typeof route !== "string");
  assert.equal(route.payloadLimit, 1480);
  const about = (length: number) => ({ protocol: 17, to: "10.0.0.2", payload: udpDatagram(1, 2), length });
  stranger.send(errorAbout(about(1500), 3, 4, 1500), PING);
  stranger.send(errorAbout(about(1500), 3, 4, 40), PING);
  assert.equal(route.payloadLimit, 1480);
  assert.equal(drops(nic, "icmp-ignored"), 2);
  stranger.send(errorAbout(about(1500), 3, 4, 576), PING);
  assert.equal(route.payloadLimit, 556);
  assert.equal(route.receiveLimit, 1480);
  lab.run(600);
  assert.equal(route.payloadLimit, 1480);
});

test("a ping program has its own identifier, and gets its own replies until it closes", () => {
  const { own, stranger } = host();
  const one = own.internet.icmp.openEcho();
  assert.ok(one !== undefined);
  assert.equal(own.internet.icmp.openEcho(one.identifier), undefined);
  const replies: EchoReply[] = [];
  one.onReply = (reply) => replies.push(reply);
  stranger.send(icmpMessage(0, 0, one.identifier * 0x10000 + 7, [1, 2]), PING);
  stranger.send(icmpMessage(0, 0, (one.identifier ^ 1) * 0x10000 + 7), PING);
  assert.deepEqual(
    replies.map(({ from, sequence, data, hopLimit }) => ({ from, sequence, data: [...data], hopLimit })),
    [{ from: ip("10.0.0.2"), sequence: 7, data: [1, 2], hopLimit: 64 }],
  );
  one.close();
  stranger.send(icmpMessage(0, 0, one.identifier * 0x10000 + 8), PING);
  assert.equal(replies.length, 1);
  assert.equal(one.send(ip("10.0.0.2"), 1, new Uint8Array(0)), "EBADF");
});

test("a ping is refused where the way is: too long, to everybody, nowhere", () => {
  const { own } = host();
  const echo = own.internet.icmp.openEcho();
  const send = (to: string, size = 0, options = {}) => echo?.send(ip(to), 1, new Uint8Array(size), options);
  assert.equal(send("10.0.0.2", 65_508), "EMSGSIZE");
  assert.equal(send("10.0.0.2", 1473, { dontFragment: true }), "EMSGSIZE");
  assert.equal(send("10.0.0.255"), "EACCES");
  assert.equal(send("10.0.0.255", 0, { broadcast: true }), undefined);
  assert.equal(send("8.8.8.8"), "ENETUNREACH");
  assert.equal(send("10.0.0.2", 0, { source: ip("10.0.0.77") as IpAddress }), "EADDRNOTAVAIL");
});
