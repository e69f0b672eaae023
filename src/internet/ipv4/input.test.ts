import assert from "node:assert/strict";
import test from "node:test";
import { drops, Lab } from "../../../test/fixtures/hosts.ts";
import { icmpMessage, Stranger, udpDatagram } from "../../../test/fixtures/stranger.ts";
import { ANY, ip } from "../../address/ip.ts";
import { BROADCAST_MAC } from "../../address/mac.ts";
import type { DropReason } from "../../packet/drop-reason.ts";

/** A host 10.0.0.1/24, also 10.9.0.1/16 elsewhere, that listens on UDP port 7, and a stranger on its wire. */
function host(forwarding = false) {
  const lab = new Lab();
  const own = lab.host("pc1", { forwarding });
  const nic = lab.nic(own, "10.0.0.1/24");
  lab.nic(own, "10.9.0.1/16");
  const stranger = new Stranger(lab, nic);
  const endpoint = own.udp.open();
  endpoint.bind(ANY, 7);
  lab.run();
  const dropped = (reason: DropReason) => drops(nic, reason);
  return { lab, own, nic, stranger, endpoint, dropped };
}

function receive(endpoint: ReturnType<typeof host>["endpoint"]): string | undefined {
  const into = new Uint8Array(100);
  const got = endpoint.receive(into);
  return typeof got === "string" ? undefined : Buffer.from(into.subarray(0, got.length)).toString();
}

const hello = udpDatagram(1000, 7, Buffer.from("hello"));

test("a datagram reaches the transport without the link's padding", () => {
  const { lab, stranger, endpoint } = host();
  stranger.send(hello);
  assert.equal(receive(endpoint), "hello");
  assert.equal(lab.pool.inUse, 0);
});

test("an address of another interface is ours on this one, too (weak host model, RFC 1122 §3.3.4.2)", () => {
  const { stranger, endpoint } = host();
  stranger.send(hello, { to: "10.9.0.1" });
  assert.equal(receive(endpoint), "hello");
});

test("broadcast in all its forms and to all hosts is received", () => {
  const { stranger, endpoint } = host();
  for (const to of ["255.255.255.255", "10.0.0.255", "10.0.0.0", "10.9.255.255", "224.0.0.1"]) {
    stranger.send(hello, { to, mac: BROADCAST_MAC });
    assert.equal(receive(endpoint), "hello", to);
  }
});

test("what is for others is dropped by a host that does not forward (RFC 1122 §3.2.1.3)", () => {
  const { stranger, dropped } = host();
  stranger.send(hello, { to: "10.0.0.3" });
  stranger.send(hello, { to: "224.0.0.9", mac: BROADCAST_MAC });
  assert.equal(dropped("ip-not-local"), 2);
});

test("a bad version, checksum or length is dropped, and nobody is told", () => {
  const { stranger, dropped } = host();
  const frame = new Uint8Array(46).fill(0x45);
  assert.deepEqual(stranger.sendRaw(frame), []);
  frame[0] = 0x65;
  stranger.sendRaw(frame);
  frame.set([0x45, 0, 0, 46]);
  stranger.sendRaw(frame);
  assert.equal(dropped("ip-malformed"), 2);
  assert.equal(dropped("ip-checksum"), 1);
});

test("sources that are not one other host are martians (RFC 1122 §3.2.1.3)", () => {
  const { stranger, dropped } = host();
  const martians = ["224.0.0.5", "255.255.255.255", "10.0.0.255", "10.0.0.0", "10.9.255.255", "241.1.1.1", "0.1.2.3"];
  for (const from of [...martians, "0.0.0.0", "10.0.0.1", "10.9.0.1"]) stranger.send(hello, { from });
  assert.equal(dropped("ip-martian-source"), martians.length + 3);
});

test("who has no address yet may speak to everybody", () => {
  const { stranger, endpoint } = host();
  stranger.send(hello, { from: "0.0.0.0", to: "255.255.255.255", mac: BROADCAST_MAC });
  assert.equal(receive(endpoint), "hello");
});

test("127/8 never comes by a wire, neither as source nor as destination (RFC 1122 §3.2.1.3 (g))", () => {
  const { stranger, dropped } = host();
  stranger.send(hello, { from: "127.0.0.1" });
  stranger.send(hello, { to: "127.0.0.1" });
  assert.equal(dropped("ip-loopback-from-wire"), 2);
});

test("a frame for everybody with a datagram for one is nobody's (RFC 1122 §3.3.6)", () => {
  const { stranger, dropped } = host();
  stranger.send(hello, { mac: BROADCAST_MAC });
  assert.equal(dropped("ip-link-broadcast"), 1);
});

test("a protocol nobody speaks is answered by protocol unreachable, with the whole datagram quoted", () => {
  const { stranger, dropped } = host();
  const [error] = stranger.send([1, 2, 3, 4, 5, 6, 7, 8, 9], { protocol: 200 });
  assert.deepEqual([...(error?.payload.subarray(0, 2) ?? [])], [3, 2]);
  assert.equal(error?.payload.length, 8 + 29);
  assert.equal(error?.source, ip("10.0.0.1"));
  assert.equal(dropped("ip-unknown-protocol"), 1);
});

test("options are passed over (RFC 9293 §3.9.2, MUST-50); bad ones are pointed out (RFC 1122 §3.2.2.5)", () => {
  const { stranger, endpoint, dropped } = host();
  stranger.send(hello, { headerOptions: [1, 0x99, 3, 7] });
  assert.equal(receive(endpoint), "hello");
  const [error] = stranger.send(hello, { headerOptions: [1, 0x99, 9, 7] });
  assert.deepEqual([...(error?.payload.subarray(0, 2) ?? []), error?.payload[4]], [12, 0, 22]);
  assert.equal(dropped("ip-malformed"), 1);
});

test("a source route is refused (RFC 1122 §3.3.5), one that is done is not", () => {
  const { stranger, endpoint, dropped } = host();
  const [error] = stranger.send(hello, { headerOptions: [131, 7, 4, 10, 0, 0, 9, 0] });
  assert.deepEqual([...(error?.payload.subarray(0, 2) ?? [])], [3, 5]);
  assert.equal(dropped("ip-source-route"), 1);
  stranger.send(hello, { headerOptions: [131, 7, 8, 10, 0, 0, 9, 0] });
  assert.equal(receive(endpoint), "hello");
});

test("fragments are put together before the transport sees them", () => {
  const { lab, stranger, endpoint } = host();
  const long = udpDatagram(1000, 7, Buffer.from("a datagram in two parts"));
  stranger.send(long.subarray(16), { fragment: 2 });
  assert.equal(receive(endpoint), undefined);
  stranger.send(long.subarray(0, 16), { fragment: 0x2000 });
  assert.equal(receive(endpoint), "a datagram in two parts");
  assert.equal(lab.pool.inUse, 0);
});

test("fragments that wait too long are reported when the first is here: time exceeded, code 1", () => {
  const { lab, stranger } = host();
  stranger.send(hello.subarray(8), { fragment: 1, identification: 2 });
  stranger.send(hello.subarray(0, 8), { fragment: 0x2000, identification: 3 });
  lab.run(31);
  assert.deepEqual(
    stranger.heard.map(({ payload }) => [...payload.subarray(0, 2)]),
    [[11, 1]],
  );
  assert.equal(lab.pool.inUse, 0);
});

test("an EtherType nobody speaks is dropped with its whole frame", () => {
  const { stranger, dropped } = host();
  stranger.sendRaw(new Uint8Array(46), undefined, 0x86dd);
  assert.equal(dropped("unknown-ethertype"), 1);
});

test("errors are never sent about errors, groups, later fragments or martians (RFC 1122 §3.2.2)", () => {
  const { lab, stranger } = host();
  const nobody = udpDatagram(1, 9);
  const quiet = [
    stranger.send(nobody, { to: "255.255.255.255", mac: BROADCAST_MAC }),
    stranger.send(nobody, { to: "10.0.0.255", mac: BROADCAST_MAC }),
    stranger.send(nobody, { mac: BROADCAST_MAC }),
    stranger.send(nobody, { from: "0.0.0.0" }),
    stranger.send(nobody, { from: "10.0.0.255" }),
    stranger.send(icmpMessage(3, 3, 0, new Uint8Array(28)), {
      protocol: 1,
      headerOptions: [131, 7, 4, 10, 0, 0, 9, 0],
    }),
    stranger.send(nobody, { fragment: 4, headerOptions: [131, 7, 4, 10, 0, 0, 9, 0] }),
  ];
  assert.deepEqual(quiet.flat(), []);
  assert.equal(stranger.send(nobody).length, 1, "while the plain case is answered");
  assert.equal(lab.pool.inUse, 0);
});

test("a conversation that was let in is looked at anew when an address comes or goes", () => {
  const { own, nic, stranger, endpoint, dropped } = host();
  stranger.send(hello);
  stranger.send(hello);
  assert.deepEqual([receive(endpoint), receive(endpoint)], ["hello", "hello"]);
  assert.equal(own.internet.deconfigure(nic, ip("10.0.0.1")), undefined);
  stranger.send(hello);
  assert.equal(receive(endpoint), undefined);
  assert.equal(dropped("ip-not-local"), 1);
});
