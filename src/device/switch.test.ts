import assert from "node:assert/strict";
import test from "node:test";
import { Bench, drops } from "../../test/fixtures/link.ts";
import { BROADCAST_MAC, type ZERO_MAC } from "../address/mac.ts";
import type { CableOptions } from "../link/cable.ts";
import type { MacTableOptions } from "../link/mac-table.ts";
import { microseconds } from "../time/instant.ts";
import { LivelockError } from "../time/scheduler.ts";
import { Hub } from "./hub.ts";
import { Switch } from "./switch.ts";

/** So many stations on a switch, that count what they hear, for themselves or not. */
function lan(stations: number, cable: CableOptions = {}, table: MacTableOptions = {}) {
  const bench = new Bench();
  const { scheduler, pool } = bench;
  const box = new Switch({ name: "switch1", scheduler, pool, ports: stations, ...table });
  const nics = box.nics.map((_, index) => bench.nic(`pc${index + 1}`));
  const cables = nics.map((nic, index) => bench.cable(nic, box.nics[index]!, cable));
  const heard = nics.map((nic) => {
    nic.promiscuous = true;
    return bench.collect(nic);
  });
  const send = (from: number, to: number) => {
    bench.send(nics[from]!, nics[to]!);
    bench.run(scheduler.now + 1_000_000);
    return heard.map((arrivals) => arrivals.splice(0).length).join("");
  };
  return { bench, box, nics, cables, heard, send };
}

test("a frame for an unknown station is flooded; its answer and what follows go to one port alone", () => {
  const { bench, box, send } = lan(4);
  assert.equal(send(0, 2), "0111");
  assert.equal(send(2, 0), "1000");
  assert.equal(send(0, 2), "0010");
  assert.deepEqual(
    box.snapshot().table.map(({ mac, port }) => [mac, port]),
    [
      ["02:00:00:00:00:01", "1"],
      ["02:00:00:00:00:03", "3"],
    ],
  );
  assert.equal(bench.pool.inUse, 0);
});

test("broadcasts always go to all, and a group as a source teaches nothing (IEEE 802.1D-2004 §7.8)", () => {
  const { bench, box, nics, heard } = lan(3);
  for (let turn = 0; turn < 2; turn++) bench.send(nics[0]!, BROADCAST_MAC);
  nics[1]?.transmit(bench.frame(BROADCAST_MAC, BROADCAST_MAC));
  bench.run();
  assert.deepEqual(
    heard.map(({ length }) => length),
    [1, 2, 3],
  );
  assert.equal(box.snapshot().table.length, 1);
});

test("a station that is silent for 300 s is flooded for again", () => {
  const { bench, send } = lan(3);
  send(0, 1);
  send(1, 0);
  bench.run(299e9);
  assert.equal(send(0, 1), "010");
  bench.run(302e9);
  assert.equal(send(0, 1), "011");
  assert.equal(send(1, 0), "100", "the other was heard meanwhile");
});

test("a host that moves to another port is found there as soon as it sends", () => {
  const { bench, box, nics, cables, heard, send } = lan(3);
  const spare = box.addPort();
  send(0, 1);
  send(1, 0);
  cables[1]?.unplug();
  assert.equal(send(0, 1), "001", "its port's stations are forgotten with the carrier");
  bench.cable(nics[1]!, spare);
  bench.send(nics[1]!, nics[0]!);
  bench.run();
  heard[0]!.length = 0;
  assert.equal(send(0, 1), "010");
  assert.equal(box.snapshot().table.find(({ mac }) => mac.endsWith("02"))?.port, "4");
});

test("a frame whose station is behind the port it came by is dropped there", () => {
  const { bench, box, nics } = lan(1);
  const { scheduler, pool } = bench;
  const hub = new Hub({ name: "hub1", scheduler, pool, ports: 3 });
  bench.cable(hub.nics[0]!, box.addPort());
  const [x, y] = [bench.nic("x"), bench.nic("y")];
  bench.cable(x, hub.nics[1]!);
  bench.cable(y, hub.nics[2]!);
  const heard = bench.collect(y);
  bench.send(y, nics[0]!);
  bench.run();
  bench.send(x, y);
  bench.run();
  assert.equal(heard.length, 1, "the hub had brought it already");
  assert.deepEqual(box.nics.map(drops), [{}, { "same-port": 1 }]);
  assert.equal(pool.inUse, 0);
});

test("a frame with a bad FCS goes no further; one changed past the FCS does", () => {
  const { bench, box, nics, cables, heard } = lan(2);
  cables[0]?.setConditions("a-b", { corruption: 1 });
  bench.send(nics[0]!, nics[1]!);
  bench.run();
  assert.deepEqual(box.nics.map(drops), [{ "fcs-error": 1 }, {}]);
  cables[0]?.setConditions("a-b", { pastFcs: true });
  bench.send(nics[0]!, BROADCAST_MAC);
  bench.run();
  assert.deepEqual(
    heard[1]?.map(({ corrupted }) => corrupted),
    [true],
  );
});

test("a frame goes on at the instant at which its last bit came in", () => {
  const { bench, nics, heard } = lan(2, { rate: 10_000_000, delay: microseconds(7) });
  bench.send(nics[0]!, nics[1]!, 0, 101);
  bench.run();
  assert.deepEqual(
    heard[1]?.map(({ at }) => at),
    [2 * (100_000 + 7_000)],
  );
});

test("a full table makes the switch flood, and lets nobody be forgotten", () => {
  const { bench, box, nics, send } = lan(3, {}, { limit: 2 });
  send(0, 1);
  for (let value = 1; value < 1000; value++) {
    nics[1]?.transmit(bench.frame((0x060000000000 + value) as typeof ZERO_MAC, nics[0]!.mac));
  }
  bench.run();
  assert.equal(box.snapshot().table.length, 2);
  send(2, 0);
  assert.equal(send(1, 2), "101", "the third was not learnt");
  assert.equal(send(1, 0), "100");
});

test("switches in a loop without delay end the run with an error that names them", () => {
  for (const boxes of [2, 3, 4]) {
    const bench = new Bench(1, 50_000);
    const { scheduler, pool } = bench;
    const switches = Array.from(
      { length: boxes },
      (_, index) => new Switch({ name: `switch${index}`, scheduler, pool }),
    );
    const pc = bench.nic("pc");
    bench.cable(pc, switches[0]!.addPort());
    for (const one of switches) {
      for (const other of switches) {
        if (one === other || (boxes > 2 && one.name > other.name)) continue;
        bench.cable(one.addPort(), other.addPort());
      }
    }
    bench.send(pc, BROADCAST_MAC);
    assert.throws(
      () => bench.run(),
      (error) => error instanceof LivelockError && switches.every(({ name }) => error.message.includes(name)),
    );
  }
});
