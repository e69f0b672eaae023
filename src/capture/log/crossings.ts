import type { DropReason } from "../../packet/drop-reason.ts";
import { EVENTS_PER_CHUNK, IN, OUT } from "./event-chunk.ts";
import type { EventLog } from "./event-log.ts";

/** Events that are gone through after a frame has left, to find where it came. */
const SEARCHED = 100_000;

/** A frame on its way from one Nic to the other end of its cable. */
export interface FrameCrossing {
  /** The event of its leaving, and the Nic that it left. */
  readonly event: number;
  readonly nic: number;
  readonly packet: number;
  /** When its first bit left, in virtual nanoseconds. */
  readonly left: number;
  readonly length: number;
  /** When its last bit came, and the event of that; undefined while it is on its way, or when it was lost. */
  readonly arrived?: number;
  readonly arrival?: number;
  /** Why it never came. */
  readonly lost?: DropReason;
}

type Open = { -readonly [Key in keyof FrameCrossing]: FrameCrossing[Key] };

/**
 * Frames that left in a range of events, with where they came: the newest so many of them.
 * @param opposite the Nic at the other end of a Nic's cable at a time, by indexes; −1 for a Nic without one, whose frames are left out
 * @param from the first event @param to behind the last one
 * @param total how many left, where that is known: then no more events are gone through than are given
 * @returns in order, and how many more there were
 */
export function crossings(
  log: EventLog,
  opposite: (nic: number, at: number) => number,
  from: number,
  to: number,
  limit: number,
  total?: number,
): { crossings: FrameCrossing[]; more: number } {
  const left: Open[] = [];
  let more = 0;
  const first = Math.max(from, log.first);
  for (let event = Math.min(to, log.next) - 1; event >= first; event--) {
    if (total !== undefined && left.length >= limit) break;
    const chunk = log.chunkOf(event);
    const row = event % EVENTS_PER_CHUNK;
    if (chunk.direction(row) !== OUT || opposite(chunk.nic(row), chunk.at(row)) < 0) continue;
    if (left.length >= limit) more++;
    else {
      const packet = chunk.packet(row);
      left.push({ event, nic: chunk.nic(row), packet, left: chunk.at(row), length: chunk.length(row) });
    }
  }
  left.reverse();
  findArrivals(log, opposite, left);
  return { crossings: left, more: total === undefined ? more : total - left.length };
}

/** Goes once through what came after, and gives each arrival or loss to the frame that waits for it. */
function findArrivals(log: EventLog, opposite: (nic: number, at: number) => number, left: Open[]): void {
  const begin = left[0]?.event;
  if (begin === undefined) return;
  const waiting = new Map<number, Open[]>();
  const last = left[left.length - 1] as Open;
  const end = Math.min(log.next, last.event + SEARCHED);
  let added = 0;
  for (let event = begin, open = 0; event < end && (open > 0 || added < left.length); event++) {
    if (left[added]?.event === event) {
      const crossing = left[added++] as Open;
      const same = waiting.get(crossing.packet);
      if (same === undefined) waiting.set(crossing.packet, [crossing]);
      else same.push(crossing);
      open++;
      continue;
    }
    const chunk = log.chunkOf(event);
    const row = event % EVENTS_PER_CHUNK;
    const candidates = waiting.get(chunk.packet(row));
    if (candidates === undefined) continue;
    const direction = chunk.direction(row);
    const nic = chunk.nic(row);
    const index = candidates.findIndex((each) => (direction === IN ? opposite(each.nic, each.left) : each.nic) === nic);
    const crossing = candidates[index];
    if (crossing === undefined || direction === OUT) continue;
    if (direction === IN) {
      crossing.arrived = chunk.at(row);
      crossing.arrival = event;
    } else {
      const { reason } = log.event(event);
      if (reason !== undefined) crossing.lost = reason;
    }
    candidates.splice(index, 1);
    open--;
  }
}
