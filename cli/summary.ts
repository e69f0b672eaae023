import { createHash } from "node:crypto";
import { TraceTap } from "../src/capture/index.ts";
import { Host } from "../src/device/host.ts";
import type { Network, RunEnd, RunLoop } from "../src/index.ts";
import { counted } from "./output.ts";

/** A hash over all that every Nic of a network sees, from now on. */
export class TraceHash {
  readonly #hash = createHash("sha256");
  readonly #tap = new TraceTap(this.#hash);

  constructor(network: Network) {
    network.addTap(this.#tap);
  }

  /** Ends the hash. */
  finish(): { readonly sha256: string; readonly records: number } {
    this.#tap.flush();
    return { sha256: this.#hash.digest("hex"), records: this.#tap.records };
  }
}

export interface RunFacts {
  readonly file: string;
  readonly sha256: string;
  readonly name: string;
  readonly end: RunEnd;
  readonly wallMilliseconds: number;
  readonly inputs: number;
  readonly trace: ReturnType<TraceHash["finish"]> | undefined;
}

/** What `--json` prints. */
export function summarise(network: Network, loop: RunLoop, facts: RunFacts) {
  const { file, sha256, name, end, wallMilliseconds, inputs, trace } = facts;
  return {
    name,
    file,
    document: sha256,
    seed: network.seed,
    end,
    virtualNanoseconds: network.now as number,
    wallNanoseconds: Math.round(wallMilliseconds * 1e6),
    speed: loop.speed,
    forgiven: loop.forgiven,
    inputs,
    ...countersOf(network),
    programs: network.programs.all.map(({ name: program, state }) => ({ program, state })),
    trace: trace ?? null,
  };
}

export type Summary = ReturnType<typeof summarise>;

function countersOf(network: Network) {
  const frames = { sent: 0, received: 0, sentBytes: 0, receivedBytes: 0 };
  const drops = new Map<string, number>();
  for (const { counters } of network.nics) {
    frames.sent += counters.sentFrames;
    frames.received += counters.receivedFrames;
    frames.sentBytes += counters.sentBytes;
    frames.receivedBytes += counters.receivedBytes;
    for (const [reason, count] of counters.drops) drops.set(reason, (drops.get(reason) ?? 0) + count);
  }
  const connections = { opened: 0, accepted: 0 };
  for (const device of network.devices.values()) {
    if (!(device instanceof Host)) continue;
    connections.opened += device.tcp.counters.opened;
    connections.accepted += device.tcp.counters.accepted;
  }
  const sorted = [...drops].sort(([a], [b]) => (a < b ? -1 : 1));
  return { frames, drops: Object.fromEntries(sorted), connections };
}

/** The same for people, in a few lines. */
export function describeSummary(summary: Summary): string {
  const { frames, connections, forgiven } = summary;
  // Each Nic of a hub gets what is for the others: that is how a hub works, and no loss.
  const { "not-for-us": others = 0, ...drops } = summary.drops;
  const dropped = Object.entries(drops).map(([reason, count]) => `${count} ${reason}`);
  const failed = summary.programs.filter(({ state }) => state === "failed").map(({ program }) => program);
  return [
    `${seconds(summary.virtualNanoseconds)} of virtual time in ${seconds(summary.wallNanoseconds)}, seed ${summary.seed}`,
    `${counted(frames.sent, "frame")} sent, ${counted(connections.opened, "connection")} opened`,
    ...(others === 0 ? [] : [`${counted(others, "frame")} ${others === 1 ? "was" : "were"} for others`]),
    `dropped: ${dropped.length === 0 ? "nothing" : dropped.join(", ")}`,
    ...(forgiven.times === 0
      ? []
      : [`fell behind the clock ${counted(forgiven.times, "time")}, ${seconds(forgiven.milliseconds * 1e6)} in all`]),
    ...(failed.length === 0 ? [] : [`failed: ${failed.join(", ")}`]),
  ].join("\n");
}

const seconds = (nanoseconds: number): string => `${(nanoseconds / 1e9).toFixed(3)} s`;
