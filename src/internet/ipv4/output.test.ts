import assert from "node:assert/strict";
import test from "node:test";
import { drops, Lab } from "../../../test/fixtures/hosts.ts";
import { Stranger } from "../../../test/fixtures/stranger.ts";
import { ip } from "../../address/ip.ts";
import type { OutputOptions } from "../internet.ts";

const OPTIONS = { hopLimit: 64, trafficClass: 0, dontFragment: false };

function host(mtu = 1500) {
  const lab = new Lab();
  const own = lab.host("pc1");
  const nic = lab.nic(own, "10.0.0.1/24", { mtu });
  const stranger = new Stranger(lab, nic);
  const send = (length: number, options: Partial<OutputOptions> = {}, to = "10.0.0.2") => {
    const route = own.internet.route(ip(to));
    assert.ok(typeof route !== "string");
    const packet = lab.pool.allocate(length);
    packet.end += length;
    packet.bytes.fill(7, packet.start, packet.end);
    return own.internet.output(packet, route, 253, { ...OPTIONS, ...options });
  };
  return { lab, own, nic, stranger, send };
}

test("each datagram that may be cut has an identification of its own, also when it is sent again (RFC 6864 §4.3)", () => {
  const { lab, stranger, send } = host();
  for (let count = 0; count < 50; count++) send(10);
  lab.run();
  const seen = stranger.heard.map(({ identification }) => identification);
  assert.equal(new Set(seen).size, 50);
});

test("one that may not be cut needs none (RFC 6864 §4.1)", () => {
  const { lab, stranger, send } = host();
  send(10, { dontFragment: true });
  lab.run();
  assert.deepEqual([stranger.heard[0]?.identification, stranger.heard[0]?.fragment], [0, 0x4000]);
});

test("what is too long is cut, or refused with EMSGSIZE when it may not be", () => {
  const { lab, nic, stranger, send } = host(600);
  assert.equal(send(580, { dontFragment: true }), undefined);
  assert.equal(send(581, { dontFragment: true }), "EMSGSIZE");
  assert.equal(send(1000), undefined);
  assert.equal(send(65_516), "EMSGSIZE");
  lab.run();
  assert.deepEqual(
    stranger.heard.map(({ fragment, payload }) => [fragment, payload.length]),
    [
      [0x4000, 580],
      [0x2000, 576],
      [72, 424],
    ],
  );
  assert.equal(drops(nic, "ip-fragmentation-needed"), 2);
  assert.equal(lab.pool.inUse, 0);
});

test("on a path said to carry less than 552 bytes only what insists goes uncut, as on Linux", () => {
  const { lab, own, stranger, send } = host();
  own.internet.learnPathMtu(ip("10.0.0.2"), 1500, 552);
  send(100, { dontFragment: "want" });
  assert.equal(send(1000, { dontFragment: "want" }), "EMSGSIZE");
  own.internet.learnPathMtu(ip("10.0.0.2"), 552, 300);
  send(100, { dontFragment: "want" });
  send(533, { dontFragment: "want" });
  send(100, { dontFragment: true });
  assert.equal(send(533, { dontFragment: true }), "EMSGSIZE");
  lab.run();
  assert.deepEqual(
    stranger.heard.map(({ fragment, payload }) => [fragment, payload.length]),
    [
      [0x4000, 100],
      [0, 100],
      [0x2000, 528],
      [66, 5],
      [0x4000, 100],
    ],
  );
});

test("options count for the length and go along", () => {
  const { lab, stranger, send } = host(600);
  const headerOptions = Uint8Array.from([0x94, 4, 0, 0]);
  assert.equal(send(577, { dontFragment: true, headerOptions }), "EMSGSIZE");
  assert.equal(send(576, { dontFragment: true, headerOptions }), undefined);
  lab.run();
  assert.deepEqual([...(stranger.heard[0]?.header.subarray(20) ?? [])], [...headerOptions]);
});

test("a time to live of zero is our own bug (RFC 1122 §3.2.1.7)", () => {
  assert.throws(() => host().send(1, { hopLimit: 0 }), /time to live/);
});

test("a group's datagram goes to its link-layer group, and to ourselves when we belong to it (RFC 1112 §6.4)", () => {
  const { lab, own, nic, stranger, send } = host();
  const heardHere = () => own.loopback.counters.receivedFrames;
  send(1, {}, "224.0.0.1");
  lab.run();
  assert.equal(heardHere(), 1);
  send(1, {}, "239.129.2.3");
  lab.run();
  assert.equal(heardHere(), 1);
  send(1, {}, "255.255.255.255");
  lab.run();
  assert.equal(heardHere(), 2);
  assert.equal(stranger.heard.length, 3);
  assert.equal(drops(nic, "neighbor-unresolved"), 0);
  assert.equal(lab.pool.inUse, 0);
});
