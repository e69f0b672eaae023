import assert from "node:assert/strict";
import test from "node:test";
import { Bench, drops } from "../../test/fixtures/link.ts";
import { BROADCAST_MAC } from "../address/mac.ts";
import type { CableOptions } from "../link/cable.ts";
import type { Packet } from "../packet/packet.ts";
import { microseconds } from "../time/instant.ts";
import { Hub } from "./hub.ts";

/** So many stations on a hub. */
function lan(stations: number, options: CableOptions = {}) {
  const bench = new Bench();
  const hub = new Hub({ name: "hub1", scheduler: bench.scheduler, pool: bench.pool, ports: stations });
  const nics = hub.nics.map((port, index) => {
    const nic = bench.nic(`pc${index + 1}`);
    nic.promiscuous = true;
    return { nic, cable: bench.cable(nic, port, options), arrivals: bench.collect(nic) };
  });
  return { bench, hub, nics: nics.map(({ nic }) => nic), cables: nics.map(({ cable }) => cable), stations: nics };
}

test("what comes in by one port goes out by all others, and copies name their original", () => {
  const { bench, hub, nics, cables, stations } = lan(4);
  const [first, second, third] = nics as [(typeof nics)[0], (typeof nics)[0], (typeof nics)[0]];
  assert.equal(cables[1]?.name, "pc2.eth0-hub1.2");
  const originals: number[] = [];
  for (const nic of nics) {
    const { receiver } = nic;
    nic.receiver = (packet: Packet, at) => {
      originals.push(packet.original || packet.id);
      receiver?.(packet, at);
    };
  }
  const packet = bench.frame(second.mac, third.mac, 5);
  const { id } = packet;
  second.transmit(packet);
  bench.run();
  assert.deepEqual(
    stations.map(({ arrivals }) => arrivals.map(({ number }) => number)),
    [[5], [], [5], [5]],
  );
  assert.deepEqual(originals, [id, id, id]);
  assert.equal(hub.collisions, 0);
  bench.send(first, BROADCAST_MAC, 6);
  bench.run();
  assert.deepEqual(
    stations.map(({ arrivals }) => arrivals.length),
    [1, 1, 2, 2],
  );
  assert.equal(bench.pool.inUse, 0);
});

test("ports without a cable are left out, and a frame with nowhere to go dies at its port", () => {
  const { bench, hub, nics, cables } = lan(3);
  cables[1]?.unplug();
  bench.send(nics[0]!, nics[2]!);
  bench.run();
  assert.equal(nics[2]?.counters.receivedFrames, 1);
  cables[2]?.unplug();
  bench.send(nics[0]!, nics[2]!);
  bench.run();
  assert.deepEqual(hub.nics.map(drops), [{ "no-carrier": 1 }, {}, {}]);
  assert.equal(bench.pool.inUse, 0);
});

test("a bad FCS is repeated with the rest, and found by the stations", () => {
  const { bench, hub, nics, cables } = lan(3);
  cables[0]?.setConditions("a-b", { corruption: 1 });
  bench.send(nics[0]!, nics[1]!);
  bench.run();
  assert.deepEqual(nics.map(drops), [{}, { "fcs-error": 1 }, { "fcs-error": 1 }]);
  assert.deepEqual(hub.nics.map(drops), [{}, {}, {}]);
});

test("frames of two ports that come in at once are a collision: counted, and both pass", () => {
  // A frame of 101 bytes takes 100 µs.
  const { bench, hub, nics, stations } = lan(3, { rate: 10_000_000, delay: microseconds(3) });
  const send = (from: number) => bench.send(nics[from]!, BROADCAST_MAC, from, 101);
  send(0);
  bench.at(99_999, () => send(1));
  bench.run();
  assert.equal(hub.collisions, 1);
  bench.at(1_000_000, () => send(0));
  bench.at(1_100_000, () => send(1));
  bench.run();
  assert.equal(hub.collisions, 1, "one right behind the other is none");
  bench.at(2_000_000, () => send(0));
  bench.at(2_000_001, () => send(0));
  bench.run();
  assert.equal(hub.collisions, 1, "a station does not collide with itself");
  bench.at(3_000_000, () => [0, 1, 2].forEach(send));
  bench.run();
  assert.equal(hub.collisions, 3, "of three at once each but the first counts");
  assert.equal(hub.snapshot().collisions, 3);
  assert.deepEqual(
    stations.map(({ arrivals }) => arrivals.length),
    [4, 6, 8],
    "each station heard all the others sent",
  );
});

test("on cables without a rate frames take no time, so none collide", () => {
  const { bench, hub, nics } = lan(3);
  for (const nic of nics) bench.send(nic, BROADCAST_MAC);
  bench.run();
  assert.equal(hub.collisions, 0);
});
