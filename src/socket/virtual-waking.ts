import { after, type Duration } from "../time/instant.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { Timer } from "../time/timer.ts";
import type { Waking } from "./endpoints.ts";

/** Deadlines in virtual time, and the run loop told of every promise that is settled. */
export class VirtualWaking implements Waking {
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** A duration past the end of time never ends. */
  after(duration: Duration, callback: () => void): () => void {
    const at = after(this.#scheduler.now, duration);
    if (at > Number.MAX_SAFE_INTEGER) return () => {};
    const timer = new Timer("socket", callback);
    this.#scheduler.arm(timer, at);
    return () => this.#scheduler.disarm(timer);
  }

  wake(): void {
    this.#scheduler.wake();
  }
}
