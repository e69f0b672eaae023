import type { Clock } from "../socket/clock.ts";
import { sleepBy } from "../socket/sleep.ts";
import type { Duration, Instant } from "../time/instant.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { Timer } from "../time/timer.ts";

/** The date at virtual 0 unless told: 2026-01-01T00:00:00Z. */
export const DEFAULT_EPOCH = 1_767_225_600_000;

/** The clock of one program on a virtual host: its time is the network's. */
export class VirtualClock implements Clock {
  readonly #scheduler: Scheduler;
  readonly #epoch: number;
  readonly #name: string;
  readonly #armed = new Set<Timer>();
  #stopped = false;

  /** @param epoch the date at virtual 0, in milliseconds since 1970 @param name whose clock it is */
  constructor(scheduler: Scheduler, epoch: number = DEFAULT_EPOCH, name = "clock") {
    this.#scheduler = scheduler;
    this.#epoch = epoch;
    this.#name = name;
  }

  now(): Instant {
    return this.#scheduler.now;
  }

  date(): Date {
    return new Date(this.#epoch + Math.floor(this.#scheduler.now / 1e6));
  }

  sleep(duration: Duration, signal?: AbortSignal): Promise<void> {
    return sleepBy(this, duration, signal, () => this.#scheduler.wake());
  }

  /** Takes no longer than time lasts: a duration past 2^53 ns, or infinite, never ends. */
  after(duration: Duration, callback: () => void): () => void {
    const at = this.#scheduler.now + Math.max(0, Math.round(duration));
    if (this.#stopped || !(at <= Number.MAX_SAFE_INTEGER)) return () => {};
    const timer = new Timer(this.#name, () => {
      this.#armed.delete(timer);
      this.#scheduler.wake();
      callback();
    });
    this.#armed.add(timer);
    this.#scheduler.arm(timer, at as Instant);
    return () => {
      this.#armed.delete(timer);
      this.#scheduler.disarm(timer);
    };
  }

  /** Ends the clock with its program: whatever was still to come does not. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#armed) this.#scheduler.disarm(timer);
    this.#armed.clear();
  }
}
