import assert from "node:assert/strict";
import { Random } from "../../../src/base/random.ts";
import { Host } from "../../../src/device/host.ts";
import { Cable, type CableOptions } from "../../../src/link/cable.ts";
import { Inputs } from "../../../src/network/input-log.ts";
import { RunLoop } from "../../../src/network/run.ts";
import { VirtualClock } from "../../../src/network/virtual-clock.ts";
import { Works } from "../../../src/network/work.ts";
import { PacketPool } from "../../../src/packet/packet-pool.ts";
import { nodePlatform } from "../../../src/platform/node/runtime.ts";
import { microseconds } from "../../../src/time/instant.ts";
import { Scheduler } from "../../../src/time/scheduler.ts";
import type { Net } from "./world.ts";

/** Two hosts on a cable, and what runs them. */
export class TwoHosts {
  readonly scheduler = new Scheduler();
  readonly pool = new PacketPool();
  readonly inputs = new Inputs(this.scheduler);
  readonly works = new Works(this.scheduler, this.inputs);
  readonly loop: RunLoop;
  readonly client: Host;
  readonly server: Host;
  readonly cable: Cable;
  readonly clock = new VirtualClock(this.scheduler);

  constructor(cable: CableOptions = { delay: microseconds(50), rate: 1e9 }) {
    const { scheduler, pool, inputs, works } = this;
    const random = new Random(1);
    const host = (name: string, address: string): Host => {
      const made = new Host({ name, scheduler, random, pool });
      assert.equal(made.configure(made.addNic(), address, 24), undefined);
      return made;
    };
    this.client = host("client", "10.0.0.1");
    this.server = host("server", "10.0.0.2");
    const [a, b] = [this.client.nics[1], this.server.nics[1]];
    assert.ok(a !== undefined && b !== undefined);
    this.cable = new Cable(a, b, { ...cable, scheduler, pool, random });
    this.loop = new RunLoop({ scheduler, inputs, works, platform: nodePlatform });
  }

  get net(): Net {
    const { client, server, clock } = this;
    return { client: client.sockets, server: server.sockets, at: "10.0.0.2", broadcast: "10.0.0.255", clock };
  }

  /** Runs programs to their end. When nothing is left that could happen and they still wait, that is an error. */
  async run(body: () => Promise<void>): Promise<void> {
    let ended = false;
    const end = (): void => {
      ended = true;
      this.loop.stop();
    };
    const work = body();
    work.then(end, end);
    await this.loop.run();
    if (!ended) throw new Error(`at ${this.scheduler.now} ns nothing is left to happen, and the test still waits`);
    await work;
  }
}
