/** A host and a router survive whatever frames come in by a door: nothing is thrown, nothing leaks, and they still work. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  bulkClient,
  bulkServer,
  echoClient,
  echoServer,
  udpEchoClient,
  udpSender,
} from "../../src/application/index.ts";
import type { Nic } from "../../src/link/nic.ts";
import type { Tap, TapDirection } from "../../src/link/tap.ts";
import type { FrameDoor } from "../../src/network/doors/frame-door.ts";
import { Network } from "../../src/network/network.ts";
import type { RunLoop } from "../../src/network/run.ts";
import type { Packet } from "../../src/packet/packet.ts";
import { type Instant, seconds } from "../../src/time/instant.ts";
import { ETHERNET_HEADER_LENGTH } from "../../src/wire/ethernet.ts";
import { runLoopOf } from "../support/run-loop.ts";
import { fixChecksums } from "./checksums.ts";
import { INPUTS, mutatorOf } from "./fuzz.ts";
import type { Mutator } from "./mutator.ts";

/** Frames that come in between two looks at the network. */
const BATCH = 250;

/** What the doors and hosts are: `other` talks to `target`, and to `beyond` behind the router `target`. */
function network(): Network {
  const made = new Network();
  made.host("other", { address: "10.0.1.1/24", gateway: "10.0.1.2" });
  made.router("target", { interfaces: { eth0: "10.0.1.2/24", eth1: { address: "10.0.2.2/24", mtu: 600 } } });
  made.host("beyond", { address: "10.0.2.1/24", gateway: "10.0.2.2" });
  made.hub("hub");
  made.frameDoor("door").open({ output: () => {} });
  // Slow enough that conversations still go on when frames come in.
  for (const end of ["other", "target.eth0", "door"]) made.cable(end, "hub", { rate: "10Mbit/s" });
  made.cable("target.eth1", "beyond", { rate: "10Mbit/s" });
  for (const host of ["target", "beyond"]) {
    made.start(host, echoServer);
    made.start(host, bulkServer);
  }
  return made;
}

/** Starts clients of all kinds, whose ends show that everything works. */
function startClients(on: Network): { readonly state: string }[] {
  const { programs } = on;
  const before = programs.all.length;
  for (const address of ["10.0.1.2", "10.0.2.1"]) {
    on.start("other", echoClient, { server: { address, port: 7 }, texts: ["a", "b", "c"] });
    on.start("other", udpEchoClient, { server: { address, port: 7 }, size: 3000, count: 2 });
    on.start("other", bulkClient, { server: { address, port: 5001 }, bytes: 200_000 });
    on.start("other", udpSender, { to: { address, port: 9 } }); // nobody is there
  }
  return programs.all.slice(before);
}

const at = (second: number): Instant => seconds(second) as number as Instant;

/** Collects frames that hosts send: a ring of the latest, or one of each kind. */
class Samples implements Tap {
  readonly frames: Uint8Array[] = [];
  readonly #limit: number;
  readonly #kinds = new Set<string>();
  #next = 0;

  /** @param limit of the ring; without one, frames differ in length or in their first bytes */
  constructor(limit = 0) {
    this.#limit = limit;
  }

  saw(_now: Instant, nic: Nic, direction: TapDirection, packet: Packet): void {
    if (direction !== "out" || nic.medium === "loopback" || packet.length > 1000) return;
    if (nic.device !== "other" && nic.device !== "target") return;
    const bytes = packet.data().slice();
    const kind = `${bytes.length} ${bytes.subarray(12, 24).join()}`;
    if (this.#limit > 0) this.frames[this.#next++ % this.#limit] = bytes;
    else if (!this.#kinds.has(kind) && this.#kinds.add(kind).size <= 200) this.frames.push(bytes);
  }
}

/** Lets everything come to its end: no packet may be left, and new clients must do well. */
async function checkHealth(
  made: Network,
  loop: RunLoop,
  servers: readonly { readonly state: string }[],
): Promise<void> {
  const now = Math.ceil(made.now / 1e9) + 3600;
  await loop.run(at(now));
  assert.equal(made.pool.inUse, 0, "no packet is missing its release");
  const clients = startClients(made);
  await loop.run(at(now + 60));
  assert.deepEqual(
    clients.map(({ state }) => state),
    clients.map(() => "done"),
  );
  assert.ok(servers.every(({ state }) => state === "running"));
}

/** Lets mutated frames in, a batch a second. */
async function flood(made: Network, loop: RunLoop, mutator: Mutator, eachBatch: () => void): Promise<void> {
  const door = made.devices.get("door") as FrameDoor;
  for (let n = 0; n < INPUTS; n += BATCH) {
    eachBatch();
    for (let i = 0; i < BATCH; i++) {
      const frame = mutator.next(i % 4 === 0 ? 0 : ETHERNET_HEADER_LENGTH);
      if (i % 2 === 0) fixChecksums(frame);
      door.enter(frame);
    }
    try {
      await loop.run(at(Math.floor(made.now / 1e9) + 1));
    } catch (error) {
      throw new Error(`mutated frames ${n} to ${n + BATCH - 1}`, { cause: error });
    }
  }
}

test("mutated frames of every kind, half of them with right checksums", async () => {
  const samples = new Samples();
  const sound = network();
  sound.addTap(samples);
  startClients(sound);
  await runLoopOf(sound).run(at(20));
  assert.ok(samples.frames.length > 20, `${samples.frames.length} samples`);
  const made = network();
  const servers = [...made.programs.all];
  const loop = runLoopOf(made);
  await flood(made, loop, mutatorOf("frames", samples.frames), () => {});
  await checkHealth(made, loop, servers);
});

test("mutated frames of the conversations that go on", async () => {
  const made = network();
  const servers = [...made.programs.all];
  const loop = runLoopOf(made);
  const samples = new Samples(64);
  made.addTap(samples);
  startClients(made);
  await loop.run(at(1));
  let batch = 0;
  await flood(made, loop, mutatorOf("conversations", samples.frames), () => {
    if (batch++ % 3 === 0) startClients(made);
  });
  made.removeTap(samples);
  await checkHealth(made, loop, servers);
});
