import { type Duration, type Instant, seconds } from "./instant.ts";

/** Tokens that come back one per interval, up to a burst: it allows so many things at once, and that rate on average. */
export class TokenBucket {
  readonly #interval: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: Instant;

  /** Full at first. */
  constructor(interval: Duration, burst: number, now: Instant) {
    this.#interval = Math.max(1, interval);
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** Takes a token. @returns false when there is none */
  take(now: Instant): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Whether nothing was taken lately. */
  isFull(now: Instant): boolean {
    this.#fill(now);
    return this.#tokens >= this.#burst;
  }

  #fill(now: Instant): void {
    const earned = Math.floor((now - this.#filledAt) / this.#interval);
    if (earned <= 0) return;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#filledAt = (this.#filledAt + earned * this.#interval) as Instant;
  }
}

/** The interval of so many a second. */
export const perSecond = (rate: number): Duration => seconds(1 / rate);
