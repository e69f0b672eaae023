/** What may be taken at once, and comes again with virtual time. */
export class Allowance {
  readonly #atOnce: number;
  readonly #perSecond: number;
  #left: number;
  #at = 0;

  constructor(atOnce: number, perSecond: number) {
    this.#atOnce = atOnce;
    this.#perSecond = perSecond;
    this.#left = atOnce;
  }

  /** @param now in nanoseconds */
  left(now: number): number {
    const come = Math.floor(((now - this.#at) / 1e9) * this.#perSecond);
    // What is less than a whole one goes on coming.
    if (come > 0) {
      this.#left = Math.min(this.#atOnce, this.#left + come);
      this.#at = now;
    }
    return this.#left;
  }

  /** @returns false when there is not so much */
  take(now: number, amount: number): boolean {
    if (this.left(now) < amount) return false;
    this.#left -= amount;
    return true;
  }

  /** What is left when something else has counted. */
  leave(left: number): void {
    this.#left = left;
  }
}
