import { between, type Instant } from "../../time/instant.ts";

/** Allows `rate` things a second on average and `burst` at once. */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: Instant;

  constructor(rate: number, burst: number, now: Instant) {
    this.#rate = rate;
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
    const added = (between(this.#filledAt, now) / 1e9) * this.#rate;
    this.#tokens = Math.min(this.#burst, this.#tokens + added);
    this.#filledAt = now;
  }
}
