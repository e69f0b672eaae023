import assert from "node:assert/strict";
import test from "node:test";
import { requireRoot } from "../../../test/require.ts";
import { FrameDoor } from "../../network/doors/frame-door.ts";
import { Inputs } from "../../network/input-log.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { Tunnel, TunnelError } from "./tunnel.ts";

// What a tunnel carries is in test/interop/kernel.test.ts, which has a namespace to make one in.

test("who may not make a tunnel is told what it needs", async (t) => {
  const { seteuid } = process;
  if (!requireRoot(t) || seteuid === undefined) return;
  await import("koffi"); // which another user may not be able to read
  const scheduler = new Scheduler();
  const door = new FrameDoor({ name: "tap", scheduler, pool: new PacketPool(), inputs: new Inputs(scheduler) });
  seteuid(65534);
  try {
    await assert.rejects(Tunnel.open("nt9", door), /: it needs root or CAP_NET_ADMIN$/);
  } finally {
    seteuid(0);
  }
});

test("a name that no network interface can have is refused before anything is made", async () => {
  const scheduler = new Scheduler();
  const inputs = new Inputs(scheduler);
  const door = new FrameDoor({ name: "tap", scheduler, pool: new PacketPool(), inputs });
  for (const name of ["", "a name", "a/b", "nt%d", "sixteen-letters!"]) {
    await assert.rejects(Tunnel.open(name, door), (error) => error instanceof TunnelError && error.code === "bad-name");
  }
  assert.equal(inputs.waiting, 0);
});
