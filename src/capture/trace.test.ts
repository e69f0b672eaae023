import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import type { MacAddress } from "../address/mac.ts";
import { Nic } from "../link/nic.ts";
import type { Tap } from "../link/tap.ts";
import { PacketPool } from "../packet/packet-pool.ts";
import { type Instant, NEVER } from "../time/instant.ts";
import { Scheduler } from "../time/scheduler.ts";
import { TraceTap } from "./trace.ts";

interface Difference {
  device?: string;
  wait?: number;
  byte?: number;
  reason?: "nic-down" | "queue-full";
  others?: Tap[];
}

/** The hash of a loopback's two frames, one of which is dropped, with something different. */
function hash({ device = "a", wait = 0, byte = 1, reason = "nic-down", others = [] }: Difference = {}): string {
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const nic = new Nic({ device, name: "lo", mac: 0 as MacAddress, medium: "loopback", scheduler, pool });
  const sha256 = createHash("sha256");
  const tap = new TraceTap(sha256);
  for (const other of others) nic.addTap(other);
  nic.addTap(tap);
  nic.receiver = (packet) => nic.drop(packet, reason);
  scheduler.advance(wait as Instant);
  nic.transmit(pool.from(new Uint8Array(60).fill(byte)));
  nic.transmit(pool.from(new Uint8Array(65_500).fill(byte)));
  scheduler.runUntil(NEVER);
  tap.flush();
  assert.equal(tap.records, 6);
  return sha256.digest("hex");
}

test("equal runs have equal traces, whoever else looks", () => {
  const other: Tap = { saw: () => {} };
  assert.equal(hash(), hash({ others: [other] }));
});

test("the trace differs with time, interface, reason and bytes", () => {
  const hashes = [hash(), hash({ wait: 1 }), hash({ device: "b" }), hash({ reason: "queue-full" }), hash({ byte: 2 })];
  assert.equal(new Set(hashes).size, hashes.length);
});
