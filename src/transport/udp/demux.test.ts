import assert from "node:assert/strict";
import test from "node:test";
import { ANY, ip } from "../../address/ip.ts";
import { UdpDemux } from "./demux.ts";
import { UdpEndpoint } from "./endpoint.ts";
import type { Udp } from "./udp.ts";

const A = ip("10.0.0.1");
const B = ip("10.0.0.2");
const PEER = ip("10.0.0.9");

function endpoint(local: typeof A, remote?: typeof A, reuse = false): UdpEndpoint {
  const made = new UdpEndpoint(undefined as unknown as Udp);
  made.localAddress = made.boundAddress = local;
  made.localPort = 53;
  made.reuse = reuse;
  if (remote !== undefined) {
    made.remoteAddress = remote;
    made.remotePort = 1000;
    made.connected = true;
  }
  return made;
}

test("a connected endpoint comes before one bound to the address, and that before one bound to any", () => {
  const demux = new UdpDemux();
  const [any, bound, connected] = [endpoint(ANY), endpoint(A), endpoint(A, PEER)];
  for (const each of [any, bound, connected]) demux.add(each);
  assert.equal(demux.find(A, 53, PEER, 1000), connected);
  assert.equal(demux.find(A, 53, PEER, 1001), bound);
  assert.equal(demux.find(B, 53, PEER, 1000), any);
  assert.equal(demux.find(A, 54, PEER, 1000), undefined);
  demux.remove(connected);
  demux.remove(any);
  assert.equal(demux.find(A, 53, PEER, 1000), bound);
  assert.equal(demux.find(B, 53, PEER, 1000), undefined);
});

test("of two that share all, the one that came last gets it, as on Linux", () => {
  const demux = new UdpDemux();
  const [first, last] = [endpoint(A, undefined, true), endpoint(A, undefined, true)];
  demux.add(first);
  demux.add(last);
  assert.equal(demux.find(A, 53, PEER, 1), last);
});

test("a group's datagram is for all that listen: bound to any or to the group, and connected to the sender", () => {
  const demux = new UdpDemux();
  const group = ip("10.0.0.255");
  const all = [endpoint(ANY), endpoint(group), endpoint(A), endpoint(ANY)];
  const connected = endpoint(ANY, PEER);
  connected.localAddress = A;
  for (const each of [...all, connected]) demux.add(each);
  const found = new Set(demux.findAll(group, 53, PEER, 1000));
  assert.deepEqual(found, new Set([all[0], all[1], all[3], connected]));
  assert.ok(!new Set(demux.findAll(group, 53, PEER, 1001)).has(connected));
});

test("a port is free when no other has it with a common address, or all want to share", () => {
  const demux = new UdpDemux();
  demux.add(endpoint(A, undefined, true));
  assert.ok(!demux.isFree(A, 53, false));
  assert.ok(!demux.isFree(ANY, 53, false));
  assert.ok(demux.isFree(B, 53, false));
  assert.ok(demux.isFree(A, 53, true));
  demux.add(endpoint(B));
  assert.ok(!demux.isFree(ANY, 53, true));
  assert.ok(demux.isFree(A, 54, false));
});

test("nothing is left of endpoints that are gone", () => {
  const demux = new UdpDemux();
  const all = [endpoint(A), endpoint(A, PEER), endpoint(A, B)];
  for (const each of all) demux.add(each);
  assert.equal([...demux.all()].length, 3);
  for (const each of all) demux.remove(each);
  for (const each of all) demux.remove(each);
  assert.deepEqual([...demux.all()], []);
});
