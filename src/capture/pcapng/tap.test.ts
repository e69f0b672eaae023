import assert from "node:assert/strict";
import test from "node:test";
import type { MacAddress } from "../../address/mac.ts";
import { Random } from "../../base/random.ts";
import { Cable } from "../../link/cable.ts";
import { Nic, type NicOptions } from "../../link/nic.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { type Instant, milliseconds, NEVER } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { type CapturedPacket, readPcapng } from "./reader.ts";
import { CaptureTap } from "./tap.ts";

const EPOCH = new Date("2026-01-01T00:00:00Z");

/** Two Nics on a cable of 1 ms, both captured. */
function wire(more: Partial<NicOptions> = {}) {
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const nic = (device: string, mac: number) =>
    new Nic({ device, name: "eth0", mac: mac as MacAddress, scheduler, pool, ...more });
  const a = nic("a", 1);
  const b = nic("b", 2);
  const pieces: Uint8Array[] = [];
  const tap = new CaptureTap((bytes) => pieces.push(bytes.slice()), EPOCH);
  tap.add(a);
  tap.add(b);
  const file = (): Uint8Array => {
    tap.close();
    return Uint8Array.from(Buffer.concat(pieces));
  };
  const random = new Random(1);
  const plug = () => new Cable(a, b, { scheduler, pool, random, delay: milliseconds(1) });
  return { scheduler, pool, a, b, tap, pieces, file, plug };
}

/** Who saw it, which way, when and with what comments. */
const told = (file: Uint8Array): string[] =>
  readPcapng(file).captured.map(({ interface: { name }, direction, time, comments }) =>
    [name, direction, Number((time as bigint) / 1_000_000n) - EPOCH.getTime(), ...comments].join(" "),
  );

/** An Ethernet frame that holds an empty IPv4 datagram. */
function frame(to: number, from: number): Uint8Array {
  const bytes = new Uint8Array(34);
  bytes[5] = to;
  bytes[11] = from;
  bytes.set([8, 0, 0x45, 0, 0, 20], 12);
  return bytes;
}

const whole = (packet: CapturedPacket | undefined, length = 34): number[] => [...(packet?.data ?? [])].slice(0, length);

test("a frame stands in the file once for each Nic that it passes, under one packet id", () => {
  const { scheduler, pool, a, b, file, plug } = wire();
  plug();
  b.receiver = (packet) => packet.release();
  a.transmit(pool.from(frame(2, 1)));
  scheduler.runUntil(NEVER);
  const { captured, problem } = readPcapng(file());
  assert.equal(problem, undefined);
  assert.deepEqual(told(file()), ["a.eth0 out 0", "b.eth0 in 1"]);
  assert.equal(captured[0]?.packetId, captured[1]?.packetId);
  assert.deepEqual(whole(captured[1]), [...frame(2, 1)]);
});

test("the fate of a frame is a comment on it, not a second record, even after an answer went out", () => {
  const { scheduler, pool, a, b, file, plug } = wire();
  plug();
  b.receiver = (packet, nic) => {
    nic.transmit(pool.from(frame(1, 2)));
    packet.pull(14);
    nic.drop(packet, "udp-no-socket");
  };
  a.transmit(pool.from(frame(2, 1)));
  a.transmit(pool.from(frame(9, 1)));
  scheduler.runUntil(NEVER);
  assert.deepEqual(told(file()), [
    "a.eth0 out 0",
    "a.eth0 out 0",
    "b.eth0 in 1 dropped: udp-no-socket",
    "b.eth0 out 1",
    "b.eth0 in 1 dropped: not-for-us",
    "a.eth0 in 2 dropped: nic-down",
  ]);
});

test("what a cable loses or turns is said where it is known", () => {
  const { scheduler, pool, a, file, plug } = wire();
  const cable = plug();
  cable.setConditions("a-b", { loss: 1 });
  a.transmit(pool.from(frame(2, 1)));
  cable.setConditions("a-b", { loss: 0, corruption: 1 });
  a.transmit(pool.from(frame(2, 1)));
  scheduler.runUntil(NEVER);
  assert.deepEqual(told(file()), [
    "a.eth0 out 0 dropped: cable-loss",
    "a.eth0 out 0",
    "b.eth0 in 1 corrupted dropped: fcs-error",
  ]);
  assert.equal((readPcapng(file()).captured[2]?.flags ?? 0) >>> 24, 1, "epb_flags has the CRC error");
});

test("what is dropped later shows its whole frame again, although its headers were pulled", () => {
  const { scheduler, pool, a, b, file, plug } = wire();
  plug();
  b.receiver = (packet, nic) => {
    packet.pull(14);
    packet.network = packet.start;
    packet.pull(20);
    packet.end = packet.start; // its padding is gone
    b.receiver = (second) => {
      second.release();
      nic.drop(packet, "ip-reassembly-timeout");
    };
  };
  a.transmit(pool.from(frame(2, 1)));
  scheduler.runUntil(milliseconds(5) as number as Instant);
  a.transmit(pool.from(frame(2, 1)));
  scheduler.runUntil(NEVER);
  assert.deepEqual(told(file()).at(-1), "b.eth0 in 6 dropped: ip-reassembly-timeout");
  assert.deepEqual(whole(readPcapng(file()).captured.at(-1)), [...frame(2, 1)]);
});

test("what never had a link header here gets one, to nobody; what is no datagram is left out", () => {
  const { pool, a, file } = wire();
  const forwarded = pool.from(frame(7, 8)); // came in by another Nic
  forwarded.link = forwarded.start;
  forwarded.pull(14);
  a.drop(forwarded, "neighbor-unresolved");
  a.drop(pool.from(frame(2, 1).subarray(14)), "neighbor-unresolved");
  a.drop(pool.from(Uint8Array.of(0x45, 1, 2)), "ip-no-route");
  const { captured } = readPcapng(file());
  assert.deepEqual(
    captured.map((packet) => whole(packet)),
    [[...frame(0, 1)], [...frame(0, 1)]],
  );
  assert.deepEqual(told(file())[0], "a.eth0 out 0 dropped: neighbor-unresolved");
});

test("a loopback shows a frame once, as it comes in", () => {
  const { scheduler, pool, a, file } = wire({ medium: "loopback" });
  a.transmit(pool.from(frame(1, 1)));
  scheduler.runUntil(NEVER);
  assert.deepEqual(told(file()), ["a.eth0 in 0 dropped: nic-down"]);
});

test("a flush between events hands on what was seen and leaves the file the same", () => {
  const run = (flushes: boolean): Uint8Array => {
    const { scheduler, pool, a, b, tap, pieces, file, plug } = wire();
    plug();
    b.receiver = (packet, nic) => nic.drop(packet, "udp-no-socket");
    for (let i = 0; i < 5; i++) a.transmit(pool.from(frame(2, 1)));
    while (scheduler.step()) if (flushes) tap.flush(scheduler.now);
    scheduler.advance(milliseconds(9) as number as Instant);
    if (flushes) {
      tap.flush(scheduler.now);
      assert.equal(readPcapng(Uint8Array.from(Buffer.concat(pieces))).packets, 10);
    }
    return file();
  };
  assert.deepEqual(run(true), run(false));
});

test("nothing is captured after close, which may be called again", () => {
  const { pool, a, tap, file } = wire();
  tap.close();
  a.drop(pool.from(frame(2, 1)), "nic-down");
  tap.close();
  assert.equal(readPcapng(file()).packets, 0);
});
