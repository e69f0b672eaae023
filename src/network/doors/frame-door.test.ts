import assert from "node:assert/strict";
import test from "node:test";
import type { MacAddress } from "../../address/mac.ts";
import { Random } from "../../base/random.ts";
import { Cable } from "../../link/cable.ts";
import { Nic } from "../../link/nic.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { NEVER } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { type Input, Inputs } from "../input-log.ts";
import { FRAME_LIMIT, FRAMES_WAITING_LIMIT, FrameDoor } from "./frame-door.ts";

/** A door on a cable to a Nic that keeps what it gets. */
function network() {
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const inputs = new Inputs(scheduler);
  const record: Input[] = [];
  inputs.onInput = (input) => record.push(input);
  const door = new FrameDoor({ name: "tap0", scheduler, pool, inputs });
  const nic = new Nic({ device: "pc1", name: "eth0", mac: 5 as MacAddress, scheduler, pool });
  nic.promiscuous = true;
  const received: number[][] = [];
  nic.receiver = (packet) => {
    received.push([...packet.data()]);
    packet.release();
  };
  new Cable(door.nic, nic, { scheduler, pool, random: new Random(1) });
  const sent: number[][] = [];
  const outside = { output: (frame: Uint8Array) => sent.push([...frame]) };
  const run = () => scheduler.runUntil(NEVER);
  const drops = () => Object.fromEntries(door.nic.counters.drops);
  const send = (byte: number) => nic.transmit(pool.from(new Uint8Array(60).fill(byte)));
  const settle = () => {
    while (run() !== "idle");
  };
  return { pool, inputs, record, door, received, sent, outside, drops, send, settle };
}

const frame = (byte: number, length = 60): Uint8Array => new Uint8Array(length).fill(byte);

test("frames from outside come by the cable, and those that come by it go out, whatever their addresses", () => {
  const { door, received, sent, outside, send, settle, pool } = network();
  door.open(outside);
  door.enter(frame(1));
  door.enter(frame(2, 1514));
  settle();
  send(3);
  settle();
  assert.deepEqual(received, [[...frame(1)], [...frame(2, 1514)]]);
  assert.deepEqual(sent, [[...frame(3)]]);
  assert.equal(pool.inUse, 0);
});

test("frames of a length that no frame has are dropped with their reason", () => {
  const { door, received, drops, settle, pool } = network();
  for (const length of [0, 13, 1515, FRAME_LIMIT, FRAME_LIMIT + 1, 200_000]) door.enter(frame(1, length));
  settle();
  assert.deepEqual(received, []);
  assert.deepEqual(drops(), { "frame-malformed": 2, "frame-too-long": 4 });
  assert.equal(pool.inUse, 0);
});

test("while nobody is outside, what leaves is dropped, and what finds no room there, too", () => {
  const { door, sent, outside, drops, send, settle, pool } = network();
  send(1);
  settle();
  assert.deepEqual(drops(), { "door-closed": 1 });
  door.open({ output: (bytes) => door.refused(bytes) });
  settle();
  send(2);
  settle();
  assert.deepEqual(drops(), { "door-closed": 1, "queue-full": 1 });
  door.open(outside);
  settle();
  door.close();
  send(3); // leaves at the instant of which the network does not know yet that nobody is there
  settle();
  send(4);
  settle();
  assert.deepEqual(sent, []);
  assert.deepEqual(drops(), { "door-closed": 2, "queue-full": 2 });
  assert.equal(pool.inUse, 0);
});

test("more frames than may wait are not let in, and who brings them is told before that", () => {
  const { door, received, settle } = network();
  for (let i = 0; i < FRAMES_WAITING_LIMIT / 2; i++) door.enter(frame(1));
  assert.ok(door.isBusy);
  for (let i = 0; i < FRAMES_WAITING_LIMIT; i++) door.enter(frame(2));
  assert.equal(door.overrun, FRAMES_WAITING_LIMIT / 2);
  settle();
  assert.ok(!door.isBusy);
  assert.equal(received.length, FRAMES_WAITING_LIMIT);
});

test("a record replays to the same without anything outside", () => {
  const first = network();
  first.door.open({ output: (bytes) => (bytes[0] === 9 ? first.door.refused(bytes) : first.outside.output(bytes)) });
  first.settle();
  for (const byte of [8, 9]) first.send(byte);
  first.door.enter(frame(1));
  first.settle();
  const second = network();
  second.inputs.replay(first.record.filter(({ kind }) => kind === "open"));
  second.settle();
  for (const byte of [8, 9]) second.send(byte);
  second.inputs.replay(first.record.filter(({ kind }) => kind !== "open"));
  second.door.enter(frame(7));
  second.settle();
  assert.deepEqual(second.received, first.received);
  assert.deepEqual(second.drops(), first.drops());
  assert.deepEqual(second.door.snapshot(), first.door.snapshot());
});
