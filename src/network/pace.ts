import type { Instant } from "../time/instant.ts";

/** Wall milliseconds that events may be late before the rest is forgiven. */
export const DEBT_LIMIT = 100;

/**
 * The paced clock: virtual time = wall time × speed. When the machine cannot keep up, virtual time falls behind and
 * never jumps: late events still happen at their own virtual time, and debt beyond {@link DEBT_LIMIT} is forgiven.
 */
export class Pace {
  readonly #wall: () => number;
  #speed: number;
  /** Virtual `#base` is wall `#since`. */
  #base: number;
  #since: number;
  #paused = false;
  #forgiven = 0;
  #forgivenTimes = 0;

  /** @param wall milliseconds @param now virtual time now @param speed virtual seconds in a wall second, above 0 */
  constructor(wall: () => number, now: Instant, speed: number) {
    this.#wall = wall;
    this.#speed = speed;
    this.#base = now;
    this.#since = wall();
  }

  /** The virtual time that it is outside, at or after that of the last event done. */
  now(): Instant {
    if (this.#paused) return this.#base as Instant;
    return Math.floor(this.#base + (this.#wall() - this.#since) * 1e6 * this.#speed) as Instant;
  }

  /** Wall milliseconds until a virtual instant. */
  until(instant: Instant): number {
    return this.#paused ? Number.POSITIVE_INFINITY : (instant - this.now()) / (1e6 * this.#speed);
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#rebase(this.now());
    this.#speed = speed;
  }

  get paused(): boolean {
    return this.#paused;
  }

  set paused(paused: boolean) {
    this.#rebase(this.now());
    this.#paused = paused;
  }

  /** Goes on from an instant: the one that was reached while nobody looked at the clock on the wall. */
  goOnFrom(now: Instant): void {
    this.#rebase(now);
  }

  /** Wall milliseconds forgiven so far, and in how many pieces. */
  get forgiven(): { readonly milliseconds: number; readonly times: number } {
    return { milliseconds: this.#forgiven, times: this.#forgivenTimes };
  }

  /** Forgives what is too much of the debt. @param due when the next event was to happen */
  forgive(due: Instant): void {
    const excess = -this.until(due) - DEBT_LIMIT;
    if (!(excess > 0)) return;
    this.#forgiven += excess;
    this.#forgivenTimes++;
    this.#rebase((this.now() - excess * 1e6 * this.#speed) as Instant);
  }

  #rebase(now: Instant): void {
    this.#base = now;
    this.#since = this.#wall();
  }
}
