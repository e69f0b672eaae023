import { assert } from "../base/assert.ts";
import { type Instant, NEVER, START } from "./instant.ts";
import type { Timer } from "./timer.ts";
import { TimerHeap } from "./timer-heap.ts";

/** More events than this at one instant are a loop that never lets time go on. */
export const EVENTS_PER_INSTANT = 1_000_000;

/** Of the events before a livelock is called, so many are looked at to name the devices. */
const EVENTS_NAMED = 1_000;

/** Time cannot go on: {@link EVENTS_PER_INSTANT} events happened at one instant. */
export class LivelockError extends Error {
  override name = "LivelockError";
  readonly code = "livelock";
  readonly at: Instant;
  /** The owners of the timers that kept expiring. */
  readonly owners: readonly string[];

  constructor(at: Instant, limit: number, owners: readonly string[]) {
    super(
      `time stands still at ${at} ns: more than ${limit} events at one instant, all of them by ${owners.join(", ")}. ` +
        "Look for a loop of devices joined by cables without delay.",
    );
    this.at = at;
    this.owners = owners;
  }
}

/** Why {@link Scheduler.runUntil} came back. */
export type Pause =
  /** Everything up to the limit is done, and now is the limit. */
  | "reached"
  /** A program was woken and must run before the next event. */
  | "woken"
  /** As many events as were allowed are done. */
  | "budget"
  /** Nothing is armed. */
  | "idle"
  /** Time stands while something outside is waited for. */
  | "held";

/**
 * Virtual time: timers in one total order, by instant and then by the number drawn when they were armed. It is
 * synchronous and knows nothing of wall time; a run loop drives it.
 */
export class Scheduler {
  #now: Instant = START;
  #order = 0;
  #woken = false;
  #holds = 0;
  #instantEvents = 0;
  #lastEvent = -1;
  /** Events that may still be done before somebody else wants to look. */
  #budget = 0;
  readonly #eventsPerInstant: number;
  readonly #heap = new TimerHeap();
  #recent: string[] = [];

  /** @param eventsPerInstant the livelock limit; {@link EVENTS_PER_INSTANT} unless told */
  constructor(eventsPerInstant = EVENTS_PER_INSTANT) {
    this.#eventsPerInstant = eventsPerInstant;
  }

  get now(): Instant {
    return this.#now;
  }

  /** When the next event happens; {@link NEVER} when none is armed. */
  get next(): Instant {
    return this.#heap.next;
  }

  /** When the last event that was done happened; −1 before the first. At its instant, nothing can come before it any more. */
  get lastEvent(): number {
    return this.#lastEvent;
  }

  /** A number for something that is queued now and whose timer is armed later. */
  drawOrder(): number {
    return this.#order++;
  }

  /**
   * Arms a timer, or moves an armed one.
   * @param at not before now
   * @param order its place among the events of that instant; drawn now unless given
   */
  arm(timer: Timer, at: Instant, order = this.#order++): void {
    assert(at >= this.#now, "a timer cannot be armed in the past");
    this.#heap.put(timer, at, order);
  }

  /** Disarms a timer; one that is not armed stays so. */
  disarm(timer: Timer): void {
    if (timer.index < 0) return;
    timer.at = NEVER;
    this.#heap.remove(timer);
  }

  /** Says that a program was woken: the run loop lets it run before the next event. */
  wake(): void {
    this.#woken = true;
  }

  /** Keeps time standing until the returned function is called (once). */
  hold(): () => void {
    this.#holds++;
    let open = true;
    return () => {
      assert(open, "a hold is released once");
      open = false;
      this.#holds--;
    };
  }

  /**
   * Whether something that is due now, and drew its order before, is the next event. Then its owner may do it within the
   * event at hand, as if its timer had been armed and gone off: what is armed keeps its turn, and a program that was woken
   * runs first. It counts as an event.
   * @param together it belongs to the event at hand, so that no budget may cut them apart
   */
  claimNext(timer: Timer, order: number, together: boolean): boolean {
    if (this.#woken || this.#holds > 0 || !(together || this.#budget > 1)) return false;
    if (!this.#heap.isBefore(this.#now, order)) return false;
    if (++this.#instantEvents > this.#eventsPerInstant - EVENTS_NAMED) this.#suspect(timer);
    this.#budget--;
    return true;
  }

  /** Does the next event. @returns false when there is none, or time is held */
  step(): boolean {
    if (this.#holds > 0 || this.#heap.next === NEVER) return false;
    this.#budget = 1;
    this.#expire();
    return true;
  }

  /**
   * Does events until the limit, or until a program was woken, or the budget is spent.
   * @param limit events at that instant are still done
   * @param budget at most so many events, but for those that belong together
   * @throws LivelockError when too many events happen at one instant
   */
  runUntil(limit: Instant, budget = Number.POSITIVE_INFINITY): Pause {
    for (this.#budget = budget; ; this.#budget--) {
      if (this.#woken) {
        this.#woken = false;
        return "woken";
      }
      if (this.#holds > 0) return "held";
      const { next } = this.#heap;
      if (next === NEVER || next > limit) {
        if (limit === NEVER) return "idle";
        this.advance(limit);
        return "reached";
      }
      if (this.#budget <= 0) return "budget";
      this.#expire();
    }
  }

  /** The first timer goes off. */
  #expire(): void {
    const timer = this.#heap.take();
    const { at } = timer;
    timer.at = NEVER;
    if (at > this.#now) {
      this.#now = at;
      this.#instantEvents = 0;
    } else if (++this.#instantEvents > this.#eventsPerInstant - EVENTS_NAMED) {
      this.#suspect(timer);
    }
    this.#lastEvent = at;
    timer.expire(at);
  }

  /** Moves now forward over a time in which nothing happens. */
  advance(to: Instant): void {
    assert(to <= this.next, "time cannot jump over an event");
    if (to <= this.#now) return;
    this.#now = to;
    this.#instantEvents = 0;
  }

  #suspect(timer: Timer): void {
    this.#recent.push(timer.name);
    if (this.#instantEvents <= this.#eventsPerInstant) return;
    const owners = [...new Set(this.#recent)].sort();
    this.#recent = [];
    throw new LivelockError(this.#now, this.#eventsPerInstant, owners);
  }
}
