import assert from "node:assert/strict";
import test from "node:test";
import { runLoopOf } from "../../../test/support/run-loop.ts";
import type { MacAddress } from "../../address/mac.ts";
import { Random } from "../../base/random.ts";
import { Cable } from "../../link/cable.ts";
import { Nic } from "../../link/nic.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { type Instant, NEVER, seconds } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { type Input, Inputs } from "../input-log.ts";
import { Network } from "../network.ts";
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
  return { pool, nic, inputs, record, door, received, sent, outside, drops, send, settle };
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
  const { door, received, outside, drops, settle, pool } = network();
  door.open(outside);
  for (const length of [0, 13, 1515, FRAME_LIMIT, FRAME_LIMIT + 1, 200_000]) door.enter(frame(1, length));
  settle();
  assert.deepEqual(received, []);
  assert.deepEqual(drops(), { "frame-malformed": 2, "frame-too-long": 4 });
  assert.equal(pool.inUse, 0);
});

test("while nobody is outside the cable has no carrier, and what finds no room there is dropped", () => {
  const { door, nic, sent, outside, drops, send, settle, pool } = network();
  const carrier: boolean[] = [];
  nic.onCarrier.push((up) => carrier.push(up));
  assert.ok(!nic.carrier);
  send(1);
  settle();
  door.open({ output: (bytes) => door.refused(bytes) });
  settle();
  send(2);
  settle();
  assert.deepEqual(drops(), { "queue-full": 1 });
  door.open(outside);
  settle();
  door.close();
  send(3); // leaves at the instant of which the network does not know yet that nobody is there
  settle();
  send(4);
  settle();
  assert.deepEqual(sent, []);
  assert.deepEqual(drops(), { "queue-full": 2 });
  assert.deepEqual(Object.fromEntries(nic.counters.drops), { "no-carrier": 2 });
  assert.deepEqual(carrier, [true, false]);
  assert.equal(pool.inUse, 0);
});

test("more frames than may wait are not let in, and who brings them is told before that", () => {
  const { door, received, outside, settle } = network();
  door.open(outside);
  for (let i = 0; i < FRAMES_WAITING_LIMIT / 2; i++) door.enter(frame(1));
  assert.ok(door.isBusy);
  for (let i = 0; i < FRAMES_WAITING_LIMIT; i++) door.enter(frame(2));
  assert.equal(door.overrun, FRAMES_WAITING_LIMIT / 2);
  settle();
  assert.ok(!door.isBusy);
  assert.equal(received.length, FRAMES_WAITING_LIMIT);
});

test("a host that is cabled to a door announces itself each time somebody comes, and a replay is the same", async () => {
  const run = async (record: Input[], live: boolean) => {
    const network = new Network();
    const door = network.frameDoor("door");
    network.cable(network.host("pc", { address: "10.0.0.1/24" }), door, { delay: "5ms" });
    network.fault({ cable: ["pc", "door"], at: "1s", for: "1s", do: "cut" });
    const seen: string[] = [];
    network.addTap({
      saw: (now, nic, direction, { bytes, start }) => {
        seen.push(`${now / 1e6} ${nic.fullName} ${direction} ${bytes[start + 13]}`);
      },
    });
    const sent: number[] = [];
    const loop = runLoopOf(network);
    const runTo = (second: number) => loop.run(seconds(second) as number as Instant);
    if (live) network.inputs.onInput = (input) => record.push(input);
    else network.inputs.replay(record);
    for (const second of [3, 6]) {
      await runTo(second);
      door.open({ output: (bytes) => sent.push(bytes[13] ?? 0) });
      await runTo(second + 1);
      door.close();
    }
    await runTo(9);
    return { seen, sent };
  };
  const record: Input[] = [];
  const live = await run(record, true);
  const ARP = 0x06;
  assert.deepEqual(live.sent, [ARP, ARP]);
  assert.deepEqual(live.seen, [
    "3000 pc.eth0 out 6",
    "3005 door.eth0 in 6",
    "6000 pc.eth0 out 6",
    "6005 door.eth0 in 6",
  ]);
  assert.deepEqual((await run(record, false)).seen, live.seen);
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
