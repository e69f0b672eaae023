import type { EventLog } from "../capture/log/event-log.ts";
import type { Input } from "../network/input-log.ts";
import type { Platform } from "../network/platform.ts";
import type { Instant } from "../time/instant.ts";
import type { Course } from "./course.ts";

/** Events that are compared between two turns of the runtime. */
const COMPARED_PER_TURN = 20_000;

/**
 * Repeats inputs on a fresh course, as fast as it can, until a time that is then exactly its own. Nothing goes out meanwhile:
 * its doors are not joined to the outside. Then it takes inputs again.
 * @returns false when its loop was stopped before
 */
export async function repeat({ network, loop }: Course, inputs: readonly Input[], at: Instant): Promise<boolean> {
  network.inputs.replay(inputs);
  loop.speed = "max";
  loop.resume();
  const end = await loop.run(at);
  loop.pause();
  network.inputs.goOn();
  return end === "reached";
}

/** Where two logs of the same course differ. */
export interface Difference {
  readonly event: number;
  readonly at: number;
}

export interface CompareOptions {
  readonly platform: Platform;
  /** Until when they are to be the same. */
  readonly until: Instant;
  /** Whether something was ciphered: its bytes differ each time, and nothing else may. */
  readonly ciphered: boolean;
}

/**
 * Compares what is kept of both: time, Nic, direction, length, reason and bytes.
 * @returns the first difference
 */
export async function compare(was: EventLog, is: EventLog, options: CompareOptions): Promise<Difference | undefined> {
  const { platform, until, ciphered } = options;
  const end = Math.min(was.firstAt(until + 1), is.next);
  for (let event = Math.max(was.first, is.first); event < end; event++) {
    if (!isSame(was, is, event, ciphered)) return { event, at: Math.min(was.at(event), is.at(event)) };
    if (event % COMPARED_PER_TURN === 0) await platform.turn();
  }
  const shorter = was.firstAt(until + 1) < is.firstAt(until + 1) ? is : was;
  if (was.firstAt(until + 1) === is.firstAt(until + 1)) return undefined;
  return { event: end, at: shorter.has(end) ? shorter.at(end) : until };
}

function isSame(was: EventLog, is: EventLog, event: number, ciphered: boolean): boolean {
  const same =
    was.at(event) === is.at(event) &&
    was.nic(event) === is.nic(event) &&
    was.direction(event) === is.direction(event) &&
    was.length(event) === is.length(event) &&
    was.event(event).reason === is.event(event).reason;
  return same && (ciphered || isEqual(was.frame(event), is.frame(event)));
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
