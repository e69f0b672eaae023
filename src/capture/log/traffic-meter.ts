import { EVENTS_PER_CHUNK, OUT } from "./event-chunk.ts";
import { EventLog } from "./event-log.ts";

/** Counts what each Nic has sent and lost since it was last asked: by going through the events, so that capturing costs nothing. */
export class TrafficMeter {
  readonly #log: EventLog;
  /** By the Nic's index: frames that left it and their octets, and frames that died at it. */
  readonly frames: Float64Array;
  readonly bytes: Float64Array;
  readonly drops: Float64Array;
  #next: number;

  /** @param nics how many there are; events of others are not counted */
  constructor(log: EventLog, nics: number) {
    this.#log = log;
    this.#next = log.next;
    this.frames = new Float64Array(nics);
    this.bytes = new Float64Array(nics);
    this.drops = new Float64Array(nics);
  }

  /** Counts anew, from where the last look ended, as far as it is still kept. @returns the first event that was counted */
  look(): number {
    const log = this.#log;
    const { frames, bytes, drops } = this;
    for (const counts of [frames, bytes, drops]) counts.fill(0);
    const first = Math.max(this.#next, log.first);
    const end = log.next;
    for (let event = first; event < end; ) {
      const chunk = log.chunkOf(event);
      const row = event % EVENTS_PER_CHUNK;
      const { count } = chunk;
      for (let each = row; each < count; each++) {
        const direction = chunk.direction(each);
        const nic = chunk.nic(each);
        if (direction === OUT) {
          frames[nic] = (frames[nic] as number) + 1;
          bytes[nic] = (bytes[nic] as number) + chunk.length(each);
        } else if (EventLog.isLoss(chunk, each)) drops[nic] = (drops[nic] as number) + 1;
      }
      event += count - row;
    }
    this.#next = end;
    return first;
  }
}
