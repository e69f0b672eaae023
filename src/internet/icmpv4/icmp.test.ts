import assert from "node:assert/strict";
import test from "node:test";
import { drops, Lab } from "../../../test/fixtures/hosts.ts";
import { type Heard, icmpMessage, Stranger, udpDatagram } from "../../../test/fixtures/stranger.ts";
import { ANY, type IpAddress, ip } from "../../address/ip.ts";
import { finish, sum } from "../../base/checksum.ts";
import { writeIpv4Header } from "../../wire/ipv4.ts";
import type { Route } from "../internet.ts";
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
  const socket = own.udp.open();
  socket.dontFragment = true;
  socket.bind(ANY, 1);
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

/** What a host believes of the path to the stranger after "fragmentation needed, at most 576" about a datagram. */
function believer() {
  const { own, nic, stranger } = host();
  const route = (): Route => {
    const found = own.internet.route(ip("10.0.0.2"));
    assert.ok(typeof found !== "string");
    return found;
  };
  const believes = (protocol: number, payload: Uint8Array): boolean => {
    const [before, ignored] = [route(), drops(nic, "icmp-ignored")];
    stranger.send(errorAbout({ protocol, to: "10.0.0.2", payload, length: 1500 }, 3, 4, 576), PING);
    const learnt = before.payloadLimit === 556;
    assert.equal(learnt ? 1 : 0, own.internet.snapshot().pathMtus.length);
    assert.equal(route() === before, !learnt, "routes are found again when something was learnt, and only then");
    assert.equal(drops(nic, "icmp-ignored") - ignored, learnt ? 0 : 1);
    return learnt;
  };
  return { own, stranger, believes };
}

test("a path MTU is learnt from a quote of a segment in flight alone (RFC 5927 §7)", () => {
  const { own, stranger, believes } = believer();
  const connection = own.tcp.connect(undefined, ip("10.0.0.2"), 80);
  assert.ok(typeof connection !== "string");
  stranger.send(icmpMessage(42, 0, 0), PING);
  const quote = (port: number, remotePort: number, sequence: number): Uint8Array => {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, port);
    view.setUint16(2, remotePort);
    view.setInt32(4, sequence | 0);
    return bytes;
  };
  const { localPort, sndUna } = connection;
  assert.equal(believes(6, quote(localPort ^ 1, 80, sndUna)), false, "no connection from that port");
  assert.equal(believes(6, quote(localPort, 81, sndUna)), false, "nor to that");
  assert.equal(believes(6, quote(localPort, 80, sndUna - 1)), false, "acknowledged long ago");
  assert.equal(believes(6, quote(localPort, 80, sndUna + 1)), false, "not sent yet");
  assert.equal(believes(6, quote(localPort, 80, sndUna)), true);
});

test("a path MTU is learnt from a quote of a datagram that a socket may have sent uncut alone (RFC 5927 §7)", () => {
  const { own, believes } = believer();
  assert.equal(believes(17, udpDatagram(1, 2)), false, "no socket has the port");
  const cut = own.udp.open();
  cut.bind(ANY, 1);
  assert.equal(believes(17, udpDatagram(1, 2)), false, "its datagrams may be cut, so that none is too long");
  const other = own.udp.open();
  other.dontFragment = true;
  other.bind(ip("127.0.0.1"), 3);
  assert.equal(believes(17, udpDatagram(3, 2)), false, "bound to another address");
  const connected = own.udp.open();
  connected.dontFragment = true;
  connected.bind(ANY, 4);
  connected.connect(ip("10.0.0.2"), 9);
  assert.equal(believes(17, udpDatagram(4, 2)), false, "connected to another port");
  assert.equal(believes(17, udpDatagram(4, 9)), true);
});

test("an unconnected socket's datagram may have gone anywhere", () => {
  const { own, believes } = believer();
  const socket = own.udp.open();
  socket.dontFragment = true;
  socket.bind(ip("10.0.0.1"), 1);
  assert.equal(believes(17, udpDatagram(1, 2)), true);
});

test("a path MTU is learnt from a quote of a ping of ours, and of no other message nor protocol", () => {
  const { own, believes } = believer();
  const echo = own.internet.icmp.openEcho(7);
  assert.ok(echo !== undefined);
  assert.equal(believes(1, icmpMessage(8, 0, 0x80001)), false, "nobody pings with that identifier");
  assert.equal(believes(1, icmpMessage(0, 0, 0x70001)), false, "our replies may be cut");
  assert.equal(believes(253, icmpMessage(8, 0, 0x70001)), false, "nobody speaks that protocol");
  assert.equal(believes(1, icmpMessage(8, 0, 0x70001)), true);
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
