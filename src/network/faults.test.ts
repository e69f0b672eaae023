import assert from "node:assert/strict";
import test from "node:test";
import { ZERO_MAC } from "../address/mac.ts";
import { Random } from "../base/random.ts";
import { Cable } from "../link/cable.ts";
import { Nic } from "../link/nic.ts";
import { PacketPool } from "../packet/packet-pool.ts";
import { type Duration, type Instant, milliseconds, seconds } from "../time/instant.ts";
import { Scheduler } from "../time/scheduler.ts";
import type { FaultAction } from "./document.ts";
import { type FaultWritten, faultOf } from "./fault-written.ts";
import { type Fault, Faults } from "./faults.ts";

function world() {
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const nic = (device: string) => new Nic({ device, name: "eth0", mac: ZERO_MAC, scheduler, pool });
  const cable = new Cable(nic("a"), nic("b"), { scheduler, pool, random: new Random(1), delay: milliseconds(1) });
  const faults = new Faults(scheduler);
  const add = (at: number, action: FaultAction, more: Partial<Fault> = {}) =>
    faults.add({ cable, action, at: seconds(at), ...more });
  /** Loss each way in percent, or `cut`, or `out` when it is unplugged. */
  const state = (at: number) => {
    scheduler.runUntil(seconds(at) as number as Instant);
    if (!cable.plugged) return "out";
    return cable.directions.map(({ conditions: { cut, loss } }) => (cut ? "cut" : loss * 100)).join(" ");
  };
  return { scheduler, cable, add, state };
}

const loss = (probability: number): FaultAction => ({ kind: "change", conditions: { loss: probability } });
const s = (count: number): Duration => seconds(count);

test("a fault begins, ends, and begins again", () => {
  const { add, state } = world();
  add(10, { kind: "cut" }, { for: s(2), every: s(20) });
  assert.deepEqual([9, 10, 11, 12, 29, 30, 32, 51].map(state), [
    "0 0",
    "cut cut",
    "cut cut",
    "0 0",
    "0 0",
    "cut cut",
    "0 0",
    "cut cut",
  ]);
});

test("faults that overlap add up, and each ends for itself", () => {
  const { add, state, cable } = world();
  add(1, loss(0.1), { for: s(10) });
  add(2, loss(0.5), { for: s(3), direction: "b-a" });
  add(3, { kind: "cut" }, { for: s(1), direction: "a-b" });
  add(4, { kind: "unplug" }, { for: s(1) });
  assert.deepEqual([0, 1, 2, 3, 4, 5, 11].map(state), ["0 0", "10 10", "10 50", "cut 50", "out", "10 10", "0 0"]);
  assert.equal(cable.directions[0].conditions.delay, milliseconds(1), "what no fault names stays");
});

test("what is cut or unplugged for ever can be mended, and one way only", () => {
  const { add, state } = world();
  add(1, { kind: "cut" });
  add(2, { kind: "heal" }, { direction: "a-b" });
  add(3, { kind: "heal" });
  add(4, { kind: "unplug" });
  add(5, loss(0.1));
  add(6, { kind: "plug" });
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(state), ["cut cut", "0 cut", "0 0", "out", "out", "10 10"]);
});

test("what a program or a person did to the cable is kept, but a cut that is healed", () => {
  const { add, state, cable } = world();
  cable.setConditions("both", { loss: 0.2 });
  add(1, loss(0.4), { for: s(1) });
  cable.cut();
  add(3, { kind: "heal" });
  assert.deepEqual([0, 1, 2, 3].map(state), ["cut cut", "cut cut", "cut cut", "20 20"]);
});

test("a fault that is taken back ends at once", () => {
  const { add, state } = world();
  const cancel = add(1, loss(0.1), { every: s(10) });
  assert.equal(state(2), "10 10");
  cancel();
  assert.deepEqual([2, 11].map(state), ["0 0", "0 0"]);
});

test("faults can be written as people do", () => {
  const { cable } = world();
  const of = (written: Partial<FaultWritten>) => faultOf({ cable: ["b", "a.eth0"], at: "1s", ...written }, [cable]);
  assert.deepEqual(of({ do: "cut", for: "2s", every: "1m", from: "b" }), {
    ...{ cable, action: { kind: "cut" }, at: 1e9, for: 2e9, every: 60e9, direction: "b-a" },
  });
  assert.deepEqual(of({ cable, loss: "1%", from: "a" }).action, { kind: "change", conditions: { loss: 0.01 } });
  assert.equal(of({ do: "unplug" }).direction, "both");
  assert.throws(() => of({}), /either does something or changes/);
  assert.throws(() => of({ do: "cut", loss: 0.5 }), /either does something or changes/);
  assert.throws(() => of({ do: "cut", from: "c" }), /c is no end/);
  assert.throws(() => of({ do: "cut", cable: ["a", "c"] }), /no cable joins a and c/);
  assert.throws(() => faultOf({ cable: ["a", "b"], at: "1s", do: "cut" }, [cable, cable]), /2 cables join a and b/);
});
