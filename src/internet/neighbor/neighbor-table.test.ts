import assert from "node:assert/strict";
import test from "node:test";
import { Bench, drops } from "../../../test/fixtures/link.ts";
import { type IpAddress, ip } from "../../address/ip.ts";
import { type MacAddress, readMac } from "../../address/mac.ts";
import type { Packet } from "../../packet/packet.ts";
import { type NeighborSettings, NeighborTable } from "./neighbor-table.ts";

const PEER = ip("10.0.0.2");
const MAC = 0x020000000099 as MacAddress;
const OTHER_MAC = 0x020000000098 as MacAddress;

function table(settings: Partial<NeighborSettings> = {}) {
  const bench = new Bench();
  const nic = bench.nic("pc1");
  const peer = bench.nic("pc2");
  bench.cable(nic, peer);
  const sent: MacAddress[] = [];
  peer.promiscuous = true;
  peer.receiver = (packet) => {
    sent.push(readMac(packet.view, packet.start));
    packet.release();
  };
  const asked: (MacAddress | "all")[] = [];
  const lost: Packet[] = [];
  const changed: IpAddress[] = [];
  const neighbors = new NeighborTable({
    nic,
    scheduler: bench.scheduler,
    random: bench.random,
    settings,
    protocol: {
      etherType: 0x0800,
      ask: (_, mac) => asked.push(mac ?? "all"),
      unresolved: (packet) => {
        lost.push(packet);
        packet.release();
      },
      changed: (address) => changed.push(address),
    },
  });
  const send = (address: IpAddress = PEER): void => {
    const packet = bench.pool.allocate(100);
    packet.end += 46;
    neighbors.send(neighbors.find(address), packet);
  };
  const at = (seconds: number): void => bench.run(seconds * 1e9);
  const state = (address: IpAddress = PEER): string | undefined => neighbors.get(address)?.state;
  return { bench, nic, neighbors, sent, asked, lost, changed, send, at, state };
}

test("the first packet is parked and one question asked; the answer lets it go", () => {
  const { neighbors, sent, asked, send, at, state } = table();
  send();
  send();
  assert.deepEqual(asked, ["all"]);
  assert.equal(state(), "INCOMPLETE");
  neighbors.heard(PEER, MAC, true, false);
  at(0.5);
  assert.deepEqual(sent, [MAC, MAC]);
  assert.equal(state(), "REACHABLE");
});

test("three questions a second apart, then the parked packets die and the layer above is told", () => {
  const { bench, asked, lost, changed, send, at, state } = table();
  send();
  send();
  at(2.9);
  assert.deepEqual(asked, ["all", "all", "all"]);
  assert.equal(lost.length, 0);
  at(3);
  assert.equal(lost.length, 2);
  assert.equal(state(), "FAILED");
  assert.deepEqual(changed, [PEER]);
  assert.equal(bench.pool.inUse, 0);
  send();
  assert.equal(asked.length, 4, "the next packet begins anew");
});

test("parked packets have a limit, and the newest are kept (RFC 1122 §2.3.2.2)", () => {
  const { bench, nic, neighbors, sent, send, at } = table({ parkedLimit: 2 });
  for (let count = 0; count < 5; count++) send();
  assert.deepEqual(drops(nic), { "neighbor-queue-full": 3 });
  neighbors.heard(PEER, MAC, true, false);
  at(1);
  assert.equal(sent.length, 2);
  assert.equal(bench.pool.inUse, 0);
});

test("a neighbour that has aged is asked by unicast when it is used, while packets go on (RFC 1122 §2.3.2.1)", () => {
  const { neighbors, sent, asked, lost, send, at, state } = table();
  send();
  neighbors.heard(PEER, MAC, true, false);
  at(100);
  assert.deepEqual(asked, ["all"], "an unused neighbour is not asked");
  send();
  assert.equal(state(), "DELAY");
  at(104.9);
  assert.deepEqual(asked, ["all"]);
  at(105);
  assert.equal(state(), "PROBE");
  send();
  at(107.5);
  assert.deepEqual(asked, ["all", MAC, MAC, MAC]);
  assert.equal(sent.length, 3);
  at(108);
  assert.equal(state(), "FAILED");
  assert.equal(lost.length, 0, "nothing was parked");
});

test("an answer to a probe, or a hint from above, confirms", () => {
  const { neighbors, asked, send, at, state } = table();
  send();
  neighbors.heard(PEER, MAC, true, false);
  at(100);
  send();
  const neighbor = neighbors.find(PEER);
  neighbors.confirm(neighbor);
  assert.equal(state(), "REACHABLE");
  at(200);
  assert.deepEqual(asked, ["all"]);
  send();
  at(205.1);
  assert.equal(state(), "PROBE");
  neighbors.heard(PEER, MAC, true, false);
  assert.equal(state(), "REACHABLE");
  at(300);
  assert.equal(asked.length, 2);
});

test("a hint that it is dead has a neighbour asked by unicast, and found out when it does not answer", () => {
  const { neighbors, asked, changed, send, at, state } = table();
  neighbors.doubt(neighbors.find(PEER));
  assert.deepEqual(asked, [], "there is nothing to doubt yet");
  send();
  neighbors.heard(PEER, MAC, true, false);
  neighbors.doubt(neighbors.find(PEER));
  neighbors.doubt(neighbors.find(PEER));
  assert.deepEqual(asked, ["all", MAC], "once is enough");
  neighbors.heard(PEER, MAC, true, false);
  assert.equal(state(), "REACHABLE");
  neighbors.doubt(neighbors.find(PEER));
  at(3);
  assert.equal(state(), "FAILED");
  assert.deepEqual(changed, [PEER]);
});

test("a hint does not make an unknown neighbour known", () => {
  const { neighbors, send, state } = table();
  send();
  neighbors.confirm(neighbors.find(PEER));
  assert.equal(state(), "INCOMPLETE");
});

test("unasked news updates a known neighbour and enters an unknown one only when told to", () => {
  const { neighbors, at, state } = table();
  neighbors.heard(PEER, MAC, false, false);
  assert.equal(state(), undefined);
  neighbors.heard(PEER, MAC, false, true);
  assert.equal(state(), "STALE");
  at(2);
  neighbors.heard(PEER, OTHER_MAC, false, false);
  assert.equal(neighbors.find(PEER).mac, OTHER_MAC);
});

test("of two MAC addresses within a second the first stands", () => {
  const { neighbors, send } = table();
  send();
  neighbors.heard(PEER, MAC, true, false);
  neighbors.heard(PEER, OTHER_MAC, true, false);
  assert.equal(neighbors.find(PEER).mac, MAC);
});

test("a neighbour that moved gets its packets at the new MAC address", () => {
  const { neighbors, sent, send, at, state } = table();
  send();
  neighbors.heard(PEER, MAC, true, false);
  at(5);
  neighbors.heard(PEER, OTHER_MAC, false, false);
  assert.equal(state(), "STALE");
  send();
  at(6);
  assert.deepEqual(sent, [MAC, OTHER_MAC]);
});

test("one that failed and is heard of again is told of", () => {
  const { neighbors, changed, send, at, state } = table();
  send();
  at(3);
  neighbors.heard(PEER, MAC, false, false);
  assert.equal(state(), "STALE");
  assert.deepEqual(changed, [PEER, PEER]);
});

test("a full table lets a failed neighbour go first, then the one unused for longest", () => {
  const { bench, neighbors, send, at } = table({ entryLimit: 3 });
  const [a, b, c, d, e] = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"].map(ip) as IpAddress[];
  for (const address of [a, b] as IpAddress[]) neighbors.heard(address, MAC, true, true);
  send(c);
  at(4);
  send(a);
  send(d);
  assert.deepEqual(
    [a, b, c, d].map((address) => neighbors.get(address as IpAddress) !== undefined),
    [true, true, false, true],
  );
  at(5);
  const old = neighbors.find(b as IpAddress);
  send(e);
  assert.equal(neighbors.get(b as IpAddress), undefined);
  assert.ok(old.detached);
  at(10);
  assert.equal(bench.pool.inUse, 0);
});

test("a link that went down leaves no neighbours and no parked packets", () => {
  const { bench, nic, neighbors, send, at } = table();
  send();
  neighbors.flush();
  assert.deepEqual(neighbors.snapshot(), []);
  assert.deepEqual(drops(nic), { "neighbor-unresolved": 1 });
  assert.equal(bench.pool.inUse, 0);
  at(10);
});

test("the snapshot tells address, MAC address, state and what is parked", () => {
  const { neighbors, send, at } = table();
  send();
  assert.deepEqual(neighbors.snapshot(), [{ address: "10.0.0.2", mac: undefined, state: "INCOMPLETE", parked: 1 }]);
  neighbors.heard(PEER, MAC, true, false);
  const known = { address: "10.0.0.2", mac: "02:00:00:00:00:99", parked: 0 };
  assert.deepEqual(neighbors.snapshot(), [{ ...known, state: "REACHABLE" }]);
  at(60);
  assert.deepEqual(neighbors.snapshot(), [{ ...known, state: "STALE" }]);
});
