import type { Platform, Sleep } from "../network/platform.ts";

/** Calls back when it was asked to, but not more often than once in an interval of wall time. */
export class Ticker {
  readonly #platform: Platform;
  readonly #interval: () => number;
  readonly #onTick: () => void;
  #last = Number.NEGATIVE_INFINITY;
  #sleep: Sleep | undefined;
  #closed = false;

  /** @param interval wall milliseconds, as it is now */
  constructor(platform: Platform, interval: () => number, onTick: () => void) {
    this.#platform = platform;
    this.#interval = interval;
    this.#onTick = onTick;
  }

  /** Ticks once, as soon as the interval allows. */
  soon(): void {
    if (this.#sleep !== undefined || this.#closed) return;
    const sleep = this.#platform.sleep(Math.max(0, this.#last + this.#interval() - this.#platform.wall()));
    this.#sleep = sleep;
    void sleep.done.then(() => {
      if (this.#sleep !== sleep) return;
      this.#sleep = undefined;
      this.#last = this.#platform.wall();
      this.#onTick();
    });
  }

  close(): void {
    this.#closed = true;
    const sleep = this.#sleep;
    this.#sleep = undefined;
    sleep?.wake();
  }
}
