import assert from "node:assert/strict";
import { test } from "node:test";
import type { CableTraffic } from "../../src/engine/protocol/index.ts";
import type { CableSnapshot } from "../../src/link/cable.ts";
import { cableStateOf, tellCables, useCableStates } from "./cable-state.ts";

const told = (more: Partial<CableTraffic> = {}): CableTraffic => ({
  ...{ cable: 0, frames: [1000, 0], bytes: [1_500_000, 0], drops: [0, 0], rates: [12e6, 0], up: [true, true] },
  ...more,
});
const SECOND = 1e9;
const looked = (plugged: boolean, rate: number | null): CableSnapshot =>
  ({ plugged, directions: [{ conditions: { rate } }, { conditions: { rate } }] }) as unknown as CableSnapshot;

test("a cable that carries nothing is cut, or unplugged", () => {
  assert.equal(cableStateOf(told({ up: [false, false] }), looked(true, 1e9), SECOND), "cut");
  assert.equal(cableStateOf(told({ up: [false, false] }), looked(false, 1e9), SECOND), "unplugged");
  assert.equal(cableStateOf(told({ up: [true, false] }), undefined, SECOND), "one-way");
});

test("a cable is full when frames, with what is around them on the wire, take nearly all of its rate", () => {
  assert.equal(cableStateOf(told(), looked(true, 12.5e6), SECOND), "full");
  assert.equal(cableStateOf(told(), looked(true, 20e6), SECOND), undefined);
  assert.equal(cableStateOf(told(), looked(true, null), SECOND), undefined, "one without a limit is never full");
  assert.equal(cableStateOf(told(), undefined, SECOND), undefined);
  const step = told({ frames: [1, 0], bytes: [1500, 0] });
  assert.equal(cableStateOf(step, looked(true, 10e6), 1000), undefined, "one frame in a step says nothing");
});

test("those who watch are told only of changes", () => {
  const seen: number[] = [];
  const end = useCableStates.subscribe(({ states }) => seen.push(states.size));
  assert.equal(tellCables([told({ up: [false, false] })], undefined, SECOND), true);
  assert.equal(tellCables([told({ up: [false, false] })], undefined, SECOND), false);
  assert.equal(tellCables([told()], undefined, SECOND), true);
  end();
  assert.deepEqual(seen, [1, 0]);
});
