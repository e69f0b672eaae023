import { assert } from "../base/assert.ts";
import { type Instant, NEVER } from "../time/instant.ts";
import type { Scheduler } from "../time/scheduler.ts";
import type { Inputs } from "./input-log.ts";
import { Pace } from "./pace.ts";
import type { Platform, Sleep } from "./platform.ts";
import { HOLD_REPORTED_AFTER, type Works } from "./work.ts";

/** Events between two looks at the wall clock. */
const BUDGET = 32;
/** Wall milliseconds after which the runtime gets its turn; with the events of one budget below the 10 that it is owed. */
const TURN_AFTER = 6;

/** Virtual seconds in a wall second (1 is the real clock), or as fast as it can (the simulated clock). */
export type Speed = number | "max";

/** Why a run came to its end. */
export type RunEnd =
  /** Virtual time is the limit. */
  | "reached"
  /** Nothing is left that could happen. */
  | "idle"
  | "stopped";

/** For what time stands still, and for how long already. */
export interface SlowHold {
  readonly names: readonly string[];
  readonly milliseconds: number;
}

export interface RunLoopOptions {
  readonly scheduler: Scheduler;
  readonly inputs: Inputs;
  readonly works: Works;
  readonly platform: Platform;
  readonly speed?: Speed;
  /** Whether something may still come from outside, so that the run is not over when nothing is left to do. */
  readonly isOpen?: () => boolean;
  /** Ends the run before its limit when nothing is left to do, in place of letting time go on to it. */
  readonly endsWhenIdle?: boolean;
  /**
   * Whether time stands still for work outside the network at any speed, so that its results are no inputs; unless told only
   * the simulated clock does.
   */
  readonly alwaysHolds?: boolean;
  /** Called when time has stood still for over 5 s, once for each time. */
  readonly onSlowHold?: (hold: SlowHold) => void;
}

interface Watch {
  readonly condition: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Drives the scheduler: does what is due, lets woken programs run, gives the runtime its turns and sleeps until the
 * next event is due. How often it turns and how late it wakes is nowhere in the trace.
 */
export class RunLoop {
  readonly #scheduler: Scheduler;
  readonly #inputs: Inputs;
  readonly #works: Works;
  readonly #platform: Platform;
  readonly #isOpen: () => boolean;
  readonly #endsWhenIdle: boolean;
  readonly #alwaysHolds: boolean;
  readonly #onSlowHold: (hold: SlowHold) => void;
  /** Undefined for the simulated clock. */
  #pace: Pace | undefined;
  #paused = false;
  #running = false;
  #stopping = false;
  #sleep: Sleep | undefined;
  #turned = 0;
  #heldSince: number | undefined;
  #watches: Watch[] = [];

  constructor(options: RunLoopOptions) {
    this.#scheduler = options.scheduler;
    this.#inputs = options.inputs;
    this.#works = options.works;
    this.#platform = options.platform;
    this.#isOpen = options.isOpen ?? (() => false);
    this.#endsWhenIdle = options.endsWhenIdle ?? false;
    this.#alwaysHolds = options.alwaysHolds ?? false;
    this.#onSlowHold = options.onSlowHold ?? (() => {});
    this.#inputs.onWaiting = () => this.#sleep?.wake();
    this.#works.onDone = () => this.#sleep?.wake();
    this.speed = options.speed ?? "max";
  }

  get speed(): Speed {
    return this.#pace?.speed ?? "max";
  }

  set speed(speed: Speed) {
    assert(speed === "max" || (speed > 0 && speed < Number.POSITIVE_INFINITY), "a speed is above 0, or max");
    if (speed === "max") this.#pace = undefined;
    else if (this.#pace === undefined) this.#pace = new Pace(() => this.#platform.wall(), this.#scheduler.now, speed);
    else this.#pace.speed = speed;
    const pace = this.#pace;
    if (pace !== undefined) pace.paused = this.#paused;
    // While nothing runs the clock on the wall counts for nobody, inputs included.
    this.#inputs.paced = pace && (() => (this.#running ? this.#outside(pace) : this.#scheduler.now));
    if (this.#alwaysHolds) this.#works.holding = true;
    else if (!this.#inputs.replaying) this.#works.holding = pace === undefined;
    this.wake();
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The virtual time that it is: between two events of a paced run later than the scheduler's, which is that of the last look. */
  get now(): Instant {
    const { next, now } = this.#scheduler;
    if (this.#pace === undefined || !this.#running) return now;
    return Math.max(now, Math.min(this.#pace.now(), next - 1)) as Instant;
  }

  pause(): void {
    this.#setPaused(true);
  }

  resume(): void {
    this.#setPaused(false);
  }

  /**
   * While paused: does the next event and lets woken programs run. What programs wait for outside the network comes first, unless
   * the loop is stopped meanwhile.
   * @returns false when there is none
   */
  async step(): Promise<boolean> {
    assert(this.#paused || !this.#running, "a run is stepped while it is paused");
    this.#stopping = false;
    while (!this.#running && !this.#stopping && this.#works.heldFor.length > 0) {
      await this.#held();
      await this.#platform.settle();
    }
    const done = this.#scheduler.step();
    this.#pace?.goOnFrom(this.#scheduler.now);
    this.#look();
    await this.#platform.settle();
    return done;
  }

  /** Wall milliseconds by which the paced clock was let off, because the machine could not keep up. */
  get forgiven(): { readonly milliseconds: number; readonly times: number } {
    return this.#pace?.forgiven ?? { milliseconds: 0, times: 0 };
  }

  /** Ends the run when the instant that has begun is done; paced, at the time that it is, unless an event is late. */
  stop(): void {
    this.#stopping = true;
    this.wake();
  }

  /** Ends a sleep, and the events that may be done before the loop looks again, because something has changed. */
  wake(): void {
    this.#scheduler.wake();
    this.#sleep?.wake();
  }

  /** Resolves after the first event that makes a condition true; at once when it is. The condition is asked after every event. */
  watch(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => this.#watches.push({ condition, resolve, reject }));
  }

  /**
   * Runs until a virtual time, or until nothing is left to do, or until it is stopped.
   * @throws LivelockError, and whatever an event throws, which is a bug
   */
  async run(limit: Instant = NEVER): Promise<RunEnd> {
    assert(!this.#running, "one run at a time");
    this.#running = true;
    this.#stopping = false;
    this.#pace?.goOnFrom(this.#scheduler.now);
    this.#turned = this.#platform.wall();
    try {
      await this.#platform.settle();
      return await this.#go(limit);
    } finally {
      this.#running = false;
    }
  }

  async #go(limit: Instant): Promise<RunEnd> {
    for (;;) {
      // A stop finishes the instant, so that a replay that runs as far as this one has done the same events.
      const target = this.#stopping ? this.#scheduler.now : this.#target(limit);
      if (this.#paused && !this.#stopping) {
        await this.#rest(Number.POSITIVE_INFINITY);
        continue;
      }
      const pause = this.#scheduler.runUntil(target, this.#watches.length > 0 ? 1 : BUDGET);
      this.#look();
      if (pause === "woken") await this.#platform.settle();
      else if (pause === "held") {
        if (this.#stopping) return "stopped";
        await this.#held();
      } else if (pause !== "budget") {
        if (this.#stopping) {
          this.#catchUp(limit);
          return "stopped";
        }
        if (this.#scheduler.now >= limit) return "reached";
        if (this.#isIdle(limit)) return "idle";
        const wait = this.#waitFor(limit);
        if (wait > 0) await this.#rest(wait);
      }
      if (this.#platform.wall() - this.#turned >= TURN_AFTER) await this.#turn();
    }
  }

  /**
   * The virtual time that it is outside, for an input. When the machine stood still, what came meanwhile is often read before the
   * loop looks at the clock: a time that was to be forgiven yet would be one to wait for, as long again.
   */
  #outside(pace: Pace): Instant {
    pace.forgive(this.#scheduler.next);
    return pace.now();
  }

  /** Lets the time pass since the last event. */
  #catchUp(limit: Instant): void {
    const { next, now } = this.#scheduler;
    const outside = this.#pace?.now() ?? now;
    this.#scheduler.advance(Math.max(now, Math.min(outside, next - 1, limit)) as Instant);
  }

  #isIdle(limit: Instant): boolean {
    return this.#scheduler.next === NEVER && (limit === NEVER || this.#endsWhenIdle) && !this.#isOpen();
  }

  /** How far virtual time may go now. */
  #target(limit: Instant): Instant {
    const pace = this.#pace;
    const { next, now } = this.#scheduler;
    if (pace === undefined) {
      const end = this.#endsWhenIdle ? (next === NEVER ? now : next) : limit;
      return Math.min(end, limit) as Instant;
    }
    if (next <= limit) pace.forgive(next);
    return Math.max(now, Math.min(limit, pace.now())) as Instant;
  }

  /** Wall milliseconds until there is something to do. */
  #waitFor(limit: Instant): number {
    const due = Math.min(this.#scheduler.next, limit) as Instant;
    if (this.#pace !== undefined) return this.#pace.until(due);
    return due === NEVER ? Number.POSITIVE_INFINITY : 0;
  }

  /** Time stands: hands on what came, one result at a time, or waits for it. */
  async #held(): Promise<void> {
    if (this.#works.deliver()) {
      this.#heldSince = undefined;
      return;
    }
    const since = this.#heldSince ?? this.#platform.wall();
    const already = this.#heldSince !== undefined && this.#platform.wall() - since >= HOLD_REPORTED_AFTER;
    this.#heldSince = since;
    await this.#rest(already ? Number.POSITIVE_INFINITY : HOLD_REPORTED_AFTER - (this.#platform.wall() - since));
    const milliseconds = this.#platform.wall() - since;
    if (!already && milliseconds >= HOLD_REPORTED_AFTER) this.#onSlowHold({ names: this.#works.heldFor, milliseconds });
  }

  async #rest(milliseconds: number): Promise<void> {
    this.#sleep = this.#platform.sleep(Math.max(0, milliseconds));
    await this.#sleep.done;
    this.#sleep = undefined;
    this.#turned = this.#platform.wall();
  }

  async #turn(): Promise<void> {
    await this.#platform.turn();
    this.#turned = this.#platform.wall();
  }

  #look(): void {
    if (this.#watches.length === 0) return;
    this.#watches = this.#watches.filter(({ condition, resolve, reject }) => {
      try {
        if (!condition()) return true;
        resolve();
      } catch (error) {
        reject(error);
      }
      this.#scheduler.wake();
      return false;
    });
  }

  #setPaused(paused: boolean): void {
    this.#paused = paused;
    if (this.#pace !== undefined && this.#pace.paused !== paused) this.#pace.paused = paused;
    this.wake();
  }
}
