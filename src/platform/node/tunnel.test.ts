import assert from "node:assert/strict";
import test from "node:test";
import { FrameDoor } from "../../network/doors/frame-door.ts";
import { Inputs } from "../../network/input-log.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { Tunnel, TunnelError } from "./tunnel.ts";

// What a tunnel carries is in test/interop/kernel.test.ts, which has a namespace to make one in.

test("a name that no network interface can have is refused before anything is made", async () => {
  const scheduler = new Scheduler();
  const inputs = new Inputs(scheduler);
  const door = new FrameDoor({ name: "tap", scheduler, pool: new PacketPool(), inputs });
  for (const name of ["", "a name", "a/b", "nt%d", "sixteen-letters!"]) {
    await assert.rejects(Tunnel.open(name, door), (error) => error instanceof TunnelError && error.code === "bad-name");
  }
  assert.equal(inputs.waiting, 0);
});
