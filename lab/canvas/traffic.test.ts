import assert from "node:assert/strict";
import { test } from "node:test";
import type { Crossing } from "../../src/engine/protocol/index.ts";
import { EngineClock } from "./engine-clock.ts";
import { groupOf } from "./group.ts";
import { AFTERGLOW, CROSSINGS_LIMIT, caption, LOSS_SHOWN, Traffic } from "./traffic.ts";

const crossing = (more: Partial<Crossing> = {}): Crossing => ({
  ...{ event: 7, cable: 0, direction: "a-b", left: 100, arrives: 200, protocol: "TCP", label: "SYN" },
  ...{ length: 60, ...more },
});

test("a frame is on its way from its leaving to its arrival, and then leaves an afterglow", () => {
  const traffic = new Traffic();
  traffic.tell([crossing()], [], 0);
  assert.deepEqual(traffic.advance(99, 0), []);
  assert.equal(traffic.advance(150, 1).length, 1);
  assert.equal(traffic.glows.size, 0);
  assert.deepEqual(traffic.advance(200, 2), []);
  assert.deepEqual(traffic.glows.get(0), [{ wall: 2, protocol: "TCP", label: "TCP SYN", event: 7 }, undefined]);
  traffic.advance(201, 2 + AFTERGLOW);
  assert.equal(traffic.glows.size, 0);
  assert.equal(traffic.fading || traffic.moving, false);
});

test("a lost frame leaves a mark for longer", () => {
  const traffic = new Traffic();
  traffic.tell([crossing({ lost: "cable-loss" })], [], 0);
  traffic.advance(200, 0);
  assert.equal(traffic.losses[0]?.crossing.lost, "cable-loss");
  traffic.advance(200, LOSS_SHOWN - 1);
  assert.equal(traffic.losses.length, 1);
  traffic.advance(200, LOSS_SHOWN);
  assert.equal(traffic.losses.length, 0);
});

test("what arrived while nobody looked leaves no trace, and what is under way goes on", () => {
  const traffic = new Traffic();
  const last = crossing({ arrives: 500 });
  traffic.tell([crossing({ lost: "cable-loss" }), crossing(), last], [], 0);
  traffic.skip(300);
  assert.deepEqual(traffic.advance(300, 1000), [last]);
  assert.deepEqual([traffic.losses.length, traffic.glows.size], [0, 0]);
});

test("of frames that are not told of one by one, the cable glows all the same", () => {
  const traffic = new Traffic();
  const cable = {
    cable: 3,
    frames: [0, 900],
    bytes: [0, 1],
    drops: [0, 0],
    rates: [0, 1e6],
    up: [true, true],
  } as const;
  traffic.tell([], [cable], 5);
  assert.equal(traffic.glows.get(3)?.[1]?.wall, 5);
  assert.ok(traffic.rates(3, 6)[1] > 0);
  assert.deepEqual(traffic.rates(3, 5000), [0, 0], "of which nothing was told for long");
});

test("no more crossings are kept than the limit", () => {
  const traffic = new Traffic();
  traffic.tell(
    Array.from({ length: CROSSINGS_LIMIT + 10 }, (_, event) => crossing({ event })),
    [],
    0,
  );
  assert.equal(traffic.advance(150, 0).length, CROSSINGS_LIMIT);
});

test("a protocol is of the colour group that its name begins with", () => {
  const named = ["ARP", "ICMP", "TLSv1.3", "HTTP/JSON", "Chat", "TCP", "UDP", "LLC"].map(groupOf);
  assert.deepEqual(named, ["arp", "icmp", "tls", "http", "chat", "tcp", "udp", "other"]);
});

test("a packet's caption does not say its protocol twice", () => {
  assert.equal(caption("ARP", "ARP who has 10.0.0.1?"), "ARP who has 10.0.0.1?");
  assert.equal(caption("TCP", "SYN"), "TCP SYN");
  assert.equal(caption("TCP", ""), "TCP");
});

test("the time shown goes on evenly between the times told, a little behind, and never back", () => {
  const clock = new EngineClock();
  clock.tell(1e9, true, 1, 1000);
  const first = clock.at(1050);
  const second = clock.at(1066);
  assert.equal(second - first, 16e6);
  assert.ok(second < 1e9 + 66e6);
  clock.tell(1e9 + 40e6, true, 1, 1070);
  assert.ok(clock.at(1071) >= second);
});

test("a network that stands is shown as it stands, and a rewind turns the time back", () => {
  const clock = new EngineClock();
  clock.tell(1e9, true, 1, 1000);
  clock.at(1040);
  clock.tell(1e9 + 50e6, false, 1, 1050);
  assert.equal(clock.at(5000), 1e9 + 50e6);
  clock.tell(2e8, false, 1, 6000);
  assert.equal(clock.at(6001), 2e8);
});

test("the time of an engine that is gone does not go on", () => {
  const clock = new EngineClock();
  clock.tell(1e9, true, 1, 0);
  assert.equal(clock.at(10_000), clock.at(60_000));
});
