import assert from "node:assert/strict";
import test from "node:test";
import { ANY, ip } from "../../src/address/ip.ts";
import { BROADCAST_MAC } from "../../src/address/mac.ts";
import { finish, sum } from "../../src/base/checksum.ts";
import type { Host } from "../../src/device/host.ts";
import { pseudoHeaderSum } from "../../src/transport/pseudo-header.ts";
import type { Binding } from "../../src/transport/tcp/tcp.ts";
import * as wire from "../../src/wire/tcp.ts";
import { drops, Lab } from "../fixtures/hosts.ts";
import { Stranger } from "../fixtures/stranger.ts";

/** Which addresses a connection may have, and which of them counts (RFC 9293 §3.9.1.1, §3.9.2.3). */

const SOME_PORT = 4000;

const bind = (host: Host, port: number, address = ANY): Binding => {
  const binding = host.tcp.bind(address, port, true);
  assert.ok(typeof binding !== "string", `${binding}`);
  return binding;
};

const listen = (host: Host, port: number) => {
  const listener = host.tcp.listen(bind(host, port), 5);
  assert.ok(typeof listener !== "string", `${listener}`);
  return listener;
};

const connect = (host: Host, to: string, port: number, binding?: Binding) => {
  const connection = host.tcp.connect(binding, ip(to), port);
  assert.ok(typeof connection !== "string", `${connection}`);
  return connection;
};

/** A SYN from one address to another. */
function syn(from: string, to: string, port: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(wire.TCP_HEADER));
  wire.writeHeader(view, 0, SOME_PORT, port, 7, 0, wire.TCP_HEADER, wire.SYN, 1000, 0);
  const pseudo = pseudoHeaderSum(ip(from), ip(to), wire.TCP_PROTOCOL, wire.TCP_HEADER);
  view.setUint16(wire.CHECKSUM_AT, finish(sum(view, 0, wire.TCP_HEADER, pseudo)));
  return new Uint8Array(view.buffer);
}

test("a port may be listened on while a connection of it begins, which goes on as it was (MUST-41, MUST-42)", () => {
  const lab = new Lab();
  const { a, b } = lab.pair();
  const far = listen(b, 80);
  const connection = connect(a, "10.0.0.2", 80, bind(a, 5000));
  assert.equal(connection.state, "SYN-SENT");
  const listener = listen(a, 5000);
  lab.run();
  assert.equal(connection.state, "ESTABLISHED");
  const back = connect(b, "10.0.0.1", 5000);
  lab.run();
  assert.equal(back.state, "ESTABLISHED");
  assert.equal(listener.pending, 1);
  assert.equal(connection.write(Uint8Array.of(1, 2, 3)), 3);
  lab.run();
  assert.equal(far.accept()?.receiveBuffer.length, 3);
});

test("the route gives the local address, which then stays, or the program does (MUST-43, MUST-44, MUST-45)", () => {
  const lab = new Lab();
  const own = lab.host("own");
  const first = lab.nic(own, "10.0.1.1/24");
  const second = lab.nic(own, "10.0.2.1/24");
  own.addRoute("0.0.0.0/0", "10.0.1.254");
  const [near, other] = [new Stranger(lab, first), new Stranger(lab, second)];
  const connection = connect(own, "8.8.8.8", 80);
  assert.equal(connection.localAddress, ip("10.0.1.1"));
  own.addRoute("8.8.8.8/32", "10.0.2.254");
  lab.run(10);
  const sources = [...near.heard, ...other.heard].map(({ source }) => source);
  assert.ok(sources.length >= 3, "the SYN went again");
  assert.ok(sources.every((source) => source === ip("10.0.1.1")));
  const chosen = connect(own, "10.0.1.9", 80, bind(own, 0, ip("10.0.2.1")));
  assert.equal(chosen.localAddress, ip("10.0.2.1"));
});

test("nothing is opened to a group (MUST-46)", () => {
  const { a } = new Lab().pair();
  for (const group of ["10.0.0.255", "255.255.255.255", "224.0.0.1"]) {
    assert.equal(a.tcp.connect(undefined, ip(group), 80), "ENETUNREACH", group);
  }
});

test("a SYN to a group is dropped without a word (MUST-57)", () => {
  const lab = new Lab();
  const own = lab.host("own");
  const nic = lab.nic(own, "10.0.0.1/24");
  const stranger = new Stranger(lab, nic);
  listen(own, 80);
  for (const to of ["10.0.0.255", "255.255.255.255", "224.0.0.1"]) {
    const heard = stranger.send(syn("10.0.0.2", to, 80), { to, protocol: 6, mac: BROADCAST_MAC });
    assert.deepEqual(heard, [], to);
  }
  assert.equal(drops(nic, "tcp-not-unicast"), 3);
  const answers = stranger.send(syn("10.0.0.2", "10.0.0.1", 80), { protocol: 6 });
  assert.ok(answers.length > 0, "while one to us is answered");
});

test("a SYN from what is no host's address is dropped without a word (MUST-63)", () => {
  const lab = new Lab();
  const own = lab.host("own");
  const nic = lab.nic(own, "10.0.0.1/24");
  const stranger = new Stranger(lab, nic);
  listen(own, 80);
  for (const from of ["10.0.0.255", "255.255.255.255", "224.0.0.1", "127.0.0.1", "0.0.0.0"]) {
    assert.deepEqual(stranger.send(syn(from, "10.0.0.1", 80), { from, protocol: 6 }), [], from);
  }
  assert.equal(drops(nic, "ip-martian-source"), 4);
  assert.equal(drops(nic, "ip-loopback-from-wire"), 1);
  assert.deepEqual(own.tcp.snapshot().connections, []);
});

test("a segment with IP options is taken as any other (MUST-50)", () => {
  const lab = new Lab();
  const own = lab.host("own");
  const stranger = new Stranger(lab, lab.nic(own, "10.0.0.1/24"));
  listen(own, 80);
  const headerOptions = [0x9e, 4, 1, 2]; // an experiment's number (RFC 4727 §3.2), copied into fragments
  const [answer] = stranger.send(syn("10.0.0.2", "10.0.0.1", 80), { protocol: 6, headerOptions });
  assert.equal((answer?.payload[13] ?? 0) & (wire.SYN | wire.ACK), wire.SYN | wire.ACK);
});
