import type { Nic } from "../../link/nic.ts";
import { type EventLog, FLOODED } from "./event-log.ts";

/** What a Nic had done when it was looked at. */
interface Seen {
  frames: number;
  bytes: number;
  drops: number;
}

/** Counts what each Nic has sent and lost since it was last asked, from the Nics' own counters: so that no event is gone through. */
export class TrafficMeter {
  /** By the Nic's index: frames that left it and their octets, and frames that died at it. */
  readonly frames: number[] = [];
  readonly bytes: number[] = [];
  readonly drops: number[] = [];
  readonly #log: EventLog;
  readonly #nics: readonly Nic[];
  readonly #seen: Seen[] = [];
  #next: number;

  /** @param nics each at its index, those still to come included */
  constructor(log: EventLog, nics: readonly Nic[]) {
    this.#log = log;
    this.#nics = nics;
    this.#next = log.next;
    this.look();
  }

  /** Counts anew, from where the last look ended. @returns the first event that was counted and is still kept */
  look(): number {
    this.#nics.forEach((nic, index) => {
      this.#seen[index] ??= { frames: 0, bytes: 0, drops: 0 };
      const seen = this.#seen[index] as Seen;
      const { sentFrames, sentBytes } = nic.counters;
      const lost = lostAt(nic);
      this.frames[index] = sentFrames - seen.frames;
      this.bytes[index] = sentBytes - seen.bytes;
      this.drops[index] = lost - seen.drops;
      seen.frames = sentFrames;
      seen.bytes = sentBytes;
      seen.drops = lost;
    });
    const first = Math.max(this.#next, this.#log.first);
    this.#next = this.#log.next;
    return first;
  }
}

/** Frames that died at a Nic and were no others' to have. */
function lostAt({ counters }: Nic): number {
  let count = 0;
  for (const [reason, drops] of counters.drops) if (!FLOODED.includes(reason)) count += drops;
  return count;
}
