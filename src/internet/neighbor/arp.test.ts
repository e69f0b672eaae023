import assert from "node:assert/strict";
import test from "node:test";
import { Bench, drops } from "../../../test/fixtures/link.ts";
import { type IpAddress, ip } from "../../address/ip.ts";
import { BROADCAST_MAC, type MacAddress, readMac, ZERO_MAC } from "../../address/mac.ts";
import * as wire from "../../wire/arp.ts";
import { Arp } from "./arp.ts";

const OWN = ip("10.0.0.1");
const SECOND = ip("192.168.7.1");
const PEER = ip("10.0.0.2");
const PEER_MAC = 0x020000000042 as MacAddress;

interface Message {
  readonly to: MacAddress;
  readonly operation: number;
  readonly sender: IpAddress;
  readonly target: IpAddress;
}

/** An ARP with two addresses, and what it sends to the link. */
function arp() {
  const bench = new Bench();
  const nic = bench.nic("pc1");
  const peer = bench.nic("pc2");
  bench.cable(nic, peer);
  const sent: Message[] = [];
  peer.promiscuous = true;
  peer.receiver = (packet) => {
    const { view, start } = packet;
    const at = start + 14;
    assert.ok(wire.checkArp(view, at, packet.end));
    assert.equal(wire.readArpSenderMac(view, at), nic.mac);
    sent.push({
      to: readMac(view, start),
      operation: wire.readArpOperation(view, at),
      sender: wire.readArpSender(view, at),
      target: wire.readArpTarget(view, at),
    });
    packet.release();
  };
  const own = new Arp({
    nic,
    scheduler: bench.scheduler,
    pool: bench.pool,
    random: bench.random,
    owner: {
      isLocal: (address) => address === OWN || address === SECOND,
      askFrom: () => OWN,
      unresolved: (packet) => nic.drop(packet, "neighbor-unresolved"),
      neighborChanged: () => {},
    },
  });
  const receive = (operation: number, mac: number, sender: IpAddress, targetMac: number, target: IpAddress): void => {
    const packet = bench.pool.allocate(46);
    packet.end += 46; // with the link's padding
    const { view, start } = packet;
    wire.writeArp(view, start, operation, mac as MacAddress, sender, targetMac as MacAddress, target);
    own.input(packet);
    bench.run(bench.scheduler.now + 1000);
  };
  return { bench, nic, own, sent, receive };
}

test("a request for an address of ours is answered, and the asker entered (RFC 826)", () => {
  const { nic, own, sent, receive } = arp();
  receive(wire.ARP_REQUEST, PEER_MAC, PEER, 0, OWN);
  assert.deepEqual(sent, [{ to: PEER_MAC, operation: wire.ARP_REPLY, sender: OWN, target: PEER }]);
  assert.equal(own.table.get(PEER)?.mac, PEER_MAC);
  assert.equal(own.table.get(PEER)?.state, "STALE");
  assert.deepEqual(drops(nic), {});
});

test("an address of another interface of ours is answered for as well, as Linux does", () => {
  const { sent, receive } = arp();
  receive(wire.ARP_REQUEST, PEER_MAC, PEER, 0, SECOND);
  assert.equal(sent[0]?.sender, SECOND);
});

test("a request for somebody else is not answered and enters nobody", () => {
  const { own, sent, receive } = arp();
  receive(wire.ARP_REQUEST, PEER_MAC, PEER, 0, ip("10.0.0.3"));
  assert.deepEqual(sent, []);
  assert.equal(own.table.get(PEER), undefined);
});

test("an announcement updates who is known and enters nobody else", () => {
  const { bench, own, receive } = arp();
  receive(wire.ARP_REQUEST, PEER_MAC, PEER, 0, PEER);
  receive(wire.ARP_REPLY, PEER_MAC, PEER, BROADCAST_MAC, PEER);
  assert.equal(own.table.get(PEER), undefined);
  receive(wire.ARP_REQUEST, PEER_MAC, PEER, 0, OWN);
  bench.run(5e9);
  receive(wire.ARP_REPLY, 0x020000000043, PEER, BROADCAST_MAC, PEER);
  assert.equal(own.table.get(PEER)?.mac, 0x020000000043);
});

test("an answer nobody asked for enters nobody", () => {
  const { nic, own, receive } = arp();
  receive(wire.ARP_REPLY, PEER_MAC, PEER, nic.mac, OWN);
  assert.equal(own.table.get(PEER), undefined);
});

test("a probe for an address of ours is answered and says nothing of its sender (RFC 5227 §1.1)", () => {
  const { own, sent, receive } = arp();
  receive(wire.ARP_REQUEST, PEER_MAC, 0 as IpAddress, 0, OWN);
  assert.deepEqual(sent, [{ to: PEER_MAC, operation: wire.ARP_REPLY, sender: OWN, target: 0 as IpAddress }]);
  assert.deepEqual(own.table.snapshot(), []);
});

test("somebody else with our address is counted as a conflict, not entered (RFC 5227 §2.4)", () => {
  const { nic, own, receive } = arp();
  receive(wire.ARP_REPLY, PEER_MAC, OWN, BROADCAST_MAC, OWN);
  assert.equal(own.counters.conflicts, 1);
  receive(wire.ARP_REPLY, nic.mac, OWN, BROADCAST_MAC, OWN);
  assert.equal(own.counters.conflicts, 1, "our own announcement that came back is none");
  assert.deepEqual(own.table.snapshot(), []);
});

test("a sender that cannot be one host is refused (RFC 1122 §3.2.1.3)", () => {
  const { bench, nic, receive } = arp();
  receive(wire.ARP_REQUEST, BROADCAST_MAC, PEER, 0, OWN);
  receive(wire.ARP_REQUEST, ZERO_MAC, PEER, 0, OWN);
  receive(wire.ARP_REQUEST, PEER_MAC, ip("255.255.255.255"), 0, OWN);
  receive(wire.ARP_REQUEST, PEER_MAC, ip("224.0.0.1"), 0, OWN);
  receive(wire.ARP_REQUEST, PEER_MAC, ip("127.0.0.1"), 0, OWN);
  receive(wire.ARP_REQUEST, PEER_MAC, PEER, 0, ip("127.0.0.1"));
  receive(3, PEER_MAC, PEER, 0, OWN);
  assert.deepEqual(drops(nic), { "arp-malformed": 7 });
  const short = bench.pool.allocate(46);
  short.end += 27;
  short.bytes.fill(0, short.start, short.end);
  new Arp({ nic, scheduler: bench.scheduler, pool: bench.pool, random: bench.random, owner: undefined as never }).input(
    short,
  );
  assert.deepEqual(drops(nic), { "arp-malformed": 8 });
  assert.equal(bench.pool.inUse, 0);
});

test("an announcement is a broadcast request by and for the address itself (RFC 5227 §2.3)", () => {
  const { bench, own, sent } = arp();
  own.announce(OWN);
  bench.run(1000);
  assert.deepEqual(sent, [{ to: BROADCAST_MAC, operation: wire.ARP_REQUEST, sender: OWN, target: OWN }]);
});
