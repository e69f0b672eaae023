import assert from "node:assert/strict";
import test from "node:test";
import { drops, Lab } from "../../../test/fixtures/hosts.ts";
import { icmpMessage, Stranger, udpDatagram } from "../../../test/fixtures/stranger.ts";
import { ANY, ip } from "../../address/ip.ts";
import { finish, sum } from "../../base/checksum.ts";
import { writeIpv4Header } from "../../wire/ipv4.ts";
import { pseudoHeaderSum } from "../pseudo-header.ts";

const PEER = ip("10.0.0.2");

/** A host 10.0.0.1 and a stranger 10.0.0.2. */
function host() {
  const lab = new Lab();
  const own = lab.host("pc1");
  const nic = lab.nic(own, "10.0.0.1/24");
  const stranger = new Stranger(lab, nic);
  lab.run();
  return { lab, own, nic, stranger, udp: own.udp };
}

test("a datagram goes out with ports, length and checksum right", () => {
  const { lab, udp, stranger } = host();
  const endpoint = udp.open();
  endpoint.bind(ANY, 4000);
  endpoint.hopLimit = 7;
  endpoint.trafficClass = 0x10;
  assert.equal(endpoint.send(Buffer.from("odd"), { address: PEER, port: 53 }), 3);
  lab.run();
  const [heard] = stranger.heard;
  const payload = heard?.payload ?? new Uint8Array();
  const view = new DataView(payload.buffer);
  assert.deepEqual([view.getUint16(0), view.getUint16(2), view.getUint16(4)], [4000, 53, 11]);
  assert.notEqual(view.getUint16(6), 0);
  assert.equal(finish(sum(view, 0, 11, pseudoHeaderSum(ip("10.0.0.1"), PEER, 17, 11))), 0);
  assert.deepEqual([heard?.hopLimit, heard?.trafficClass, heard?.fragment], [7, 0x10, 0]);
});

test("a checksum that comes out as zero is sent as all ones, and none at all is sent as zero (RFC 768)", () => {
  const { lab, udp, stranger } = host();
  const endpoint = udp.open();
  endpoint.bind(ANY, 4000);
  const to = { address: PEER, port: 53 };
  endpoint.send(new Uint8Array(2), to);
  lab.run();
  const checksum = new DataView(stranger.heard[0]?.payload.buffer as ArrayBuffer).getUint16(6);
  endpoint.send(new Uint8Array([checksum >>> 8, checksum & 255]), to);
  endpoint.checksum = false;
  endpoint.send(new Uint8Array(2), to);
  lab.run();
  assert.deepEqual(
    stranger.heard.slice(1).map(({ payload }) => new DataView(payload.buffer).getUint16(6)),
    [0xffff, 0],
  );
});

test("a wrong checksum, a length below eight or past the end: dropped without a word (RFC 1122 §4.1.3.4)", () => {
  const { nic, udp, stranger } = host();
  udp.open().bind(ANY, 7);
  const bad = udpDatagram(1, 7);
  bad[6] = 1;
  const short = udpDatagram(1, 7);
  short[5] = 7;
  const long = udpDatagram(1, 7);
  long[5] = 10;
  for (const payload of [bad, short, long, [1, 2, 3]]) stranger.send(payload);
  assert.deepEqual([drops(nic, "udp-checksum"), drops(nic, "udp-malformed")], [1, 3]);
  assert.deepEqual(stranger.heard, []);
});

test("what stands behind the datagram's own length is not data", () => {
  const { udp, stranger } = host();
  const endpoint = udp.open();
  endpoint.bind(ANY, 7);
  stranger.send([...udpDatagram(1, 7, [5]), 6, 6, 6]);
  const got = endpoint.receive(new Uint8Array(9));
  assert.ok(typeof got !== "string");
  assert.equal(got.size, 1);
});

test("who received learns sender, own address, and how it came; what does not fit the buffer is cut", () => {
  const { udp, stranger } = host();
  const endpoint = udp.open();
  endpoint.bind(ANY, 7);
  stranger.send(udpDatagram(999, 7, [1, 2, 3, 4]), { trafficClass: 8, hopLimit: 3 });
  const into = new Uint8Array(2);
  assert.deepEqual(endpoint.receive(into), {
    length: 2,
    size: 4,
    address: PEER,
    port: 999,
    destination: ip("10.0.0.1"),
    trafficClass: 8,
    hopLimit: 3,
  });
  assert.deepEqual([...into], [1, 2]);
  assert.equal(endpoint.receive(into), "EAGAIN");
});

test("a port where nobody is: port unreachable (RFC 1122 §4.1.3.1)", () => {
  const { lab, nic, stranger } = host();
  const [error] = stranger.send(udpDatagram(1, 7));
  assert.deepEqual([...(error?.payload.subarray(0, 2) ?? [])], [3, 3]);
  assert.equal(drops(nic, "udp-no-socket"), 1);
  assert.equal(lab.pool.inUse, 0);
});

test("the receive buffer has a limit; one datagram always fits", () => {
  const { lab, nic, udp, stranger } = host();
  const endpoint = udp.open();
  endpoint.bind(ANY, 7);
  endpoint.receiveLimit = 2 * (256 + 8 + 100);
  for (let count = 0; count < 4; count++) stranger.send(udpDatagram(1, 7, new Uint8Array(100)));
  assert.equal(endpoint.waiting.datagrams, 2);
  assert.equal(drops(nic, "udp-receive-full"), 2);
  endpoint.receiveLimit = 1;
  while (endpoint.receive(new Uint8Array(9)) !== "EAGAIN");
  stranger.send(udpDatagram(1, 7, new Uint8Array(100)));
  assert.equal(endpoint.waiting.datagrams, 1);
  endpoint.close();
  assert.equal(lab.pool.inUse, 0, "what waits is gone with its endpoint");
});

test("ports: chosen, refused when taken, shared when all want to", () => {
  const { udp } = host();
  const [one, two, three, four] = [udp.open(), udp.open(), udp.open(), udp.open()];
  assert.equal(one.bind(ANY, 0), undefined);
  assert.ok(one.localPort >= 32_768);
  assert.equal(one.bind(ANY, 5), "EINVAL");
  assert.equal(two.bind(ip("10.0.0.1"), one.localPort), "EADDRINUSE");
  assert.equal(two.bind(ip("10.0.0.77"), 5), "EADDRNOTAVAIL");
  assert.equal(two.bind(ANY, 5, { reuse: true }), undefined);
  assert.equal(three.bind(ANY, 5), "EADDRINUSE");
  assert.equal(three.bind(ANY, 5, { reuse: true }), undefined);
  assert.equal(four.bind(ip("255.255.255.255"), 6), undefined, "a group's address may be listened on");
  one.close();
  assert.equal(one.bind(ANY, 5), "EBADF");
});

test("calls that make no sense are refused by name", () => {
  const { udp } = host();
  const endpoint = udp.open();
  const data = new Uint8Array(1);
  assert.equal(endpoint.send(data), "EDESTADDRREQ");
  assert.equal(endpoint.send(data, { address: PEER, port: 0 }), "EINVAL");
  assert.equal(endpoint.connect(PEER, 0), "EINVAL");
  assert.equal(endpoint.send(new Uint8Array(65_508), { address: PEER, port: 1 }), "EMSGSIZE");
  endpoint.dontFragment = true;
  assert.equal(endpoint.send(new Uint8Array(1473), { address: PEER, port: 1 }), "EMSGSIZE");
  assert.equal(endpoint.send(new Uint8Array(1472), { address: PEER, port: 1 }), 1472);
  assert.equal(endpoint.send(data, { address: ip("8.8.8.8"), port: 1 }), "ENETUNREACH");
  assert.equal(endpoint.connect(ip("8.8.8.8"), 1), "ENETUNREACH");
  assert.equal(endpoint.receive(data), "EAGAIN");
  endpoint.close();
  assert.equal(endpoint.send(data, { address: PEER, port: 1 }), "EBADF");
  assert.equal(endpoint.receive(data), "EBADF");
  assert.equal(endpoint.connect(PEER, 1), "EBADF");
});

test("a broadcast needs permission, and reaches every endpoint that listens, our own too", () => {
  const { lab, udp, stranger } = host();
  const sender = udp.open();
  const listeners = [udp.open(), udp.open(), udp.open()];
  listeners[0]?.bind(ANY, 9, { reuse: true });
  listeners[1]?.bind(ANY, 9, { reuse: true });
  listeners[2]?.bind(ip("10.0.0.1"), 9, { reuse: true });
  const to = { address: ip("10.0.0.255"), port: 9 };
  assert.equal(sender.send(new Uint8Array([5]), to), "EACCES");
  assert.equal(sender.connect(to.address, 9), "EACCES");
  sender.broadcast = true;
  assert.equal(sender.send(new Uint8Array([5]), to), 1);
  lab.run();
  assert.deepEqual(
    listeners.map((each) => each.waiting.datagrams),
    [1, 1, 0],
  );
  assert.equal(stranger.heard[0]?.destination, to.address);
  for (const each of listeners) each.close();
  assert.equal(lab.pool.inUse, 0);
});

test("a connected endpoint hears its peer alone, and a dissolved one everybody", () => {
  const { udp, stranger } = host();
  const endpoint = udp.open();
  endpoint.bind(ANY, 7);
  assert.equal(endpoint.connect(PEER, 53), undefined);
  assert.deepEqual([endpoint.localAddress, endpoint.remotePort], [ip("10.0.0.1"), 53]);
  stranger.send(udpDatagram(53, 7));
  assert.equal(stranger.send(udpDatagram(54, 7)).length, 1, "others are told that nobody is here");
  assert.equal(endpoint.waiting.datagrams, 1);
  endpoint.disconnect();
  assert.deepEqual([endpoint.localAddress, endpoint.localPort, endpoint.remotePort], [ANY, 7, 0]);
  stranger.send(udpDatagram(54, 7));
  assert.equal(endpoint.waiting.datagrams, 2);
  assert.equal(endpoint.send(new Uint8Array(1)), "EDESTADDRREQ");
});

test("a port the system chose goes with the connection it was chosen for", () => {
  const { udp } = host();
  const endpoint = udp.open();
  endpoint.connect(PEER, 53);
  assert.ok(endpoint.bound);
  endpoint.disconnect();
  assert.ok(!endpoint.bound);
  assert.deepEqual(udp.snapshot().endpoints, []);
});

/** An ICMP error about a datagram from 10.0.0.1:7 to 10.0.0.2:53. */
function errorAbout(type: number, code: number, rest = 0): Uint8Array {
  const quoted = new Uint8Array(28);
  writeIpv4Header(new DataView(quoted.buffer), 0, 1500, 0, 1, 0, 64, 17, ip("10.0.0.1"), PEER);
  quoted.set(udpDatagram(7, 53, []), 20);
  return icmpMessage(type, code, rest, quoted);
}

test("port unreachable is the pending error of a connected endpoint: of its next send, receive or SO_ERROR", () => {
  const { udp, stranger } = host();
  const endpoint = udp.open();
  endpoint.bind(ANY, 7);
  endpoint.connect(PEER, 53);
  let edges = 0;
  endpoint.onReady = () => edges++;
  const uses = [
    () => endpoint.send(new Uint8Array(1)),
    () => endpoint.receive(new Uint8Array(1)),
    () => endpoint.takeError(),
  ];
  for (const use of uses) {
    stranger.send(errorAbout(3, 3), { protocol: 1 });
    assert.ok(endpoint.readable);
    assert.equal(use(), "ECONNREFUSED");
    assert.equal(endpoint.error, undefined);
  }
  assert.equal(edges, 3);
});

test("an error that may pass, and any error without a connection, is nobody's (Linux without IP_RECVERR)", () => {
  const { udp, stranger } = host();
  const endpoint = udp.open();
  endpoint.bind(ANY, 7);
  stranger.send(errorAbout(3, 3), { protocol: 1 });
  endpoint.connect(PEER, 53);
  for (const [type, code] of [
    [11, 0],
    [3, 0],
    [3, 1],
    [3, 4],
  ] as const) {
    stranger.send(errorAbout(type, code, 600), { protocol: 1 });
    assert.equal(endpoint.error, undefined, `type ${type}, code ${code}`);
  }
  stranger.send(errorAbout(12, 0), { protocol: 1 });
  assert.equal(endpoint.takeError(), "EPROTO");
});

test("a next hop that does not answer is EHOSTUNREACH on the connection", () => {
  const { lab, udp, stranger } = host();
  stranger.answers = false;
  const endpoint = udp.open();
  endpoint.connect(ip("10.0.0.77"), 53);
  endpoint.send(new Uint8Array(1));
  lab.run(2);
  assert.equal(endpoint.error, undefined);
  lab.run(2);
  assert.equal(endpoint.takeError(), "EHOSTUNREACH");
  assert.equal(lab.pool.inUse, 0);
});

test("a full queue refuses with EAGAIN, and readiness tells when to go on; nothing is lost at home", () => {
  const lab = new Lab();
  const own = lab.host("pc1");
  const nic = lab.nic(own, "10.0.0.1/24", { queueLimit: 20 });
  const peer = lab.host("pc2");
  lab.cable(nic, lab.nic(peer, "10.0.0.2/24"), { rate: 1e6 });
  const receiver = peer.udp.open();
  receiver.bind(ANY, 9);
  receiver.receiveLimit = 1e9;
  lab.ping(own, "10.0.0.2");
  const sender = own.udp.open();
  const to = { address: PEER, port: 9 };
  let sent = 0;
  let refusals = 0;
  const go = (): void => {
    while (sent < 300) {
      // Every tenth is cut into five.
      const outcome = sender.send(new Uint8Array(sent % 10 === 0 ? 7000 : 100), to);
      if (outcome === "EAGAIN") {
        refusals++;
        return;
      }
      assert.ok(typeof outcome === "number");
      sent++;
    }
  };
  sender.onReady = go;
  go();
  assert.ok(sent < 300);
  lab.run(60);
  assert.equal(sent, 300);
  assert.ok(refusals > 5);
  assert.equal(drops(nic, "queue-full"), 0);
  assert.equal(receiver.waiting.datagrams, 300);
  receiver.close();
  assert.equal(lab.pool.inUse, 0);
});

test("options of the header go with each datagram (RFC 1122 §4.1.3.2)", () => {
  const { lab, udp, stranger } = host();
  const endpoint = udp.open();
  endpoint.headerOptions = Uint8Array.from([0x94, 4, 0, 0, 1]);
  endpoint.send(new Uint8Array([7]), { address: PEER, port: 9 });
  lab.run();
  assert.deepEqual([...(stranger.heard[0]?.header.subarray(20) ?? [])], [0x94, 4, 0, 0, 1, 0, 0, 0]);
  assert.equal(stranger.heard[0]?.payload.at(-1), 7);
});
