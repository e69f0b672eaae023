import assert from "node:assert/strict";
import { test } from "node:test";
import type { CableWritten } from "../../../src/engine/protocol/index.ts";
import { conditionOf, isCut, setCondition, setCut } from "./written.ts";

const CABLE: CableWritten = { between: ["pc1", "sw.2"], loss: "1%", from: { "sw.2": { loss: 0.5, cut: true } } };

test("a condition is told of both ways and of each end as it is written", () => {
  assert.deepEqual(
    (["both", 0, 1] as const).map((way) => conditionOf(CABLE, way, "loss")),
    ["1%", "", "0.5"],
  );
});

test("what is typed is written as it is, a share and a queue as numbers, nothing as nothing", () => {
  assert.deepEqual(setCondition(3, CABLE, "both", "delay", "5ms"), [
    { do: "cable.set", cable: 3, set: { delay: "5ms" } },
  ]);
  assert.deepEqual(setCondition(3, CABLE, 1, "loss", "0.2"), [
    { do: "cable.set", cable: 3, from: "sw.2", set: { loss: 0.2 } },
  ]);
  assert.deepEqual(setCondition(3, CABLE, "both", "queue", "12"), [{ do: "cable.set", cable: 3, set: { queue: 12 } }]);
  assert.deepEqual(setCondition(3, CABLE, 0, "rate", ""), [
    { do: "cable.set", cable: 3, from: "pc1", set: { rate: null } },
  ]);
});

test("a cable is cut one way or both, and joined one way of two", () => {
  assert.deepEqual(
    (["both", 0, 1] as const).map((way) => isCut(CABLE, way)),
    [false, false, true],
  );
  assert.deepEqual(setCut(0, CABLE, 0, true), [{ do: "cable.set", cable: 0, from: "pc1", set: { cut: true } }]);
  assert.deepEqual(setCut(0, CABLE, "both", true), [
    { do: "cable.set", cable: 0, set: { cut: true } },
    { do: "cable.set", cable: 0, from: "sw.2", set: { cut: null } },
  ]);
  const cut: CableWritten = { between: ["a", "b"], cut: true };
  assert.deepEqual(
    (["both", 0, 1] as const).map((way) => isCut(cut, way)),
    [true, true, true],
  );
  assert.deepEqual(setCut(0, cut, 0, false), [
    { do: "cable.set", cable: 0, set: { cut: null } },
    { do: "cable.set", cable: 0, from: "b", set: { cut: true } },
  ]);
});
