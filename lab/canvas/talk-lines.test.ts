import assert from "node:assert/strict";
import { test } from "node:test";
import type { Crossing, NetworkInfo } from "../../src/engine/protocol/index.ts";
import { lineOf, TalkLines, talkId } from "./talk-lines.ts";
import { Traffic } from "./traffic.ts";

const host = (name: string, nic: number, address?: string): unknown => ({
  name,
  interfaces: [{ nic, name: "eth0", addresses: address === undefined ? [] : [`${address}/24`] }],
});
const port = (nic: number): unknown => ({ nic, name: `${nic}`, addresses: [] });

/** pc ── hub ── server, and another pc at the hub. */
const NETWORK = {
  devices: [
    host("pc", 0, "10.0.0.1"),
    host("server", 1, "10.0.0.2"),
    host("other", 2, "10.0.0.3"),
    { name: "hub", interfaces: [port(3), port(4), port(5)] },
  ],
  cables: [
    { index: 0, name: "pc-hub", a: 0, b: 3 },
    { index: 1, name: "hub-server", a: 4, b: 1 },
    { index: 2, name: "hub-other", a: 5, b: 2 },
  ],
} as unknown as NetworkInfo;
const ID = talkId("pc", "server", "TCP", "80");
const lines = new TalkLines(NETWORK);

const crossing = (cable: number, direction: Crossing["direction"], source: string, destination: string): Crossing => ({
  ...{ event: 1, cable, direction, left: 0, arrives: 10, protocol: "TCP", label: "ACK", length: 60 },
  flow: { transport: "TCP", source, destination },
});

test("a frame is on its connection's line as far as cables lie behind it", () => {
  const shown = new Set([ID]);
  const there = lines.place(crossing(0, "a-b", "10.0.0.1:4000", "10.0.0.2:80"), shown);
  assert.deepEqual([there?.cable, there?.direction, there?.part], [lineOf(ID), "a-b", [0, 0.5]]);
  const then = lines.place(crossing(1, "a-b", "10.0.0.1:4000", "10.0.0.2:80"), shown);
  assert.deepEqual(then?.part, [0.5, 1]);
  const back = lines.place(crossing(0, "b-a", "10.0.0.2:80", "10.0.0.1:4000"), shown);
  assert.deepEqual([back?.direction, back?.part], ["b-a", [0.5, 1]]);
});

test("what a hub sends elsewhere, what has no line, and what has no ports is on none", () => {
  const shown = new Set([ID]);
  assert.equal(lines.place(crossing(2, "a-b", "10.0.0.1:4000", "10.0.0.2:80"), shown), undefined);
  assert.equal(lines.place(crossing(0, "a-b", "10.0.0.1:4000", "10.0.0.2:443"), shown), undefined);
  assert.equal(lines.place(crossing(0, "a-b", "10.0.0.9:4000", "10.0.0.2:80"), shown), undefined);
  const { flow, ...rest } = crossing(0, "a-b", "10.0.0.1:4000", "10.0.0.2:80");
  assert.ok(flow);
  assert.equal(lines.place(rest, shown), undefined);
});

test("a line glows when all of it has been crossed", () => {
  const traffic = new Traffic();
  const shown = new Set([ID]);
  for (const cable of [0, 1]) {
    const placed = lines.place(crossing(cable, "a-b", "10.0.0.1:4000", "10.0.0.2:80"), shown);
    assert.ok(placed);
    traffic.tell([placed], [], 0);
    traffic.advance(10, cable);
    assert.equal(traffic.glows.size, cable);
  }
});
