import assert from "node:assert/strict";
import { test } from "node:test";
import type { Crossing } from "../../src/engine/protocol/index.ts";
import { packetAt } from "./draw.ts";
import { pictureOf } from "./past.ts";
import { AFTERGLOW } from "./traffic.ts";

const crossing = (event: number, left: number, arrives: number, cable = event): Crossing => ({
  ...{ event, cable, direction: "a-b", left, arrives, protocol: "TCP", label: "", length: 60 },
});

test("the picture of a past time has what was on its way, and an afterglow of what had just arrived", () => {
  const at = 100e6;
  const all = [crossing(1, 99e6, 101e6), crossing(2, 98e6, 99e6), crossing(3, 81e6, 82e6), crossing(4, 101e6, 102e6)];
  const { moving, traffic, wall } = pictureOf(at, all);
  assert.deepEqual(
    moving.map(({ event }) => event),
    [1],
  );
  const age = (cable: number): number => wall - (traffic.glows.get(cable)?.[0]?.wall ?? 0);
  assert.ok(age(2) < age(3), "what arrived later glows more");
  assert.ok(age(3) < AFTERGLOW);
  assert.equal(traffic.glows.has(4), false, "what had not left yet is not there");
});

test("a click takes the packet that was drawn last where it was", () => {
  const drawn = [
    { x: 100, y: 50, halfWidth: 30, event: 1 },
    { x: 110, y: 52, halfWidth: 30, event: 2 },
  ];
  assert.equal(packetAt(drawn, 105, 50), 2);
  assert.equal(packetAt(drawn, 70, 50), 1);
  assert.equal(packetAt(drawn, 105, 80), undefined);
});
