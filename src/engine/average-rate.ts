/** Virtual nanoseconds that a rate is averaged over. */
const SPAN = 1e9;

/**
 * How fast bytes flow, averaged over about a second of virtual time: what has passed counts the less the longer ago it is. So a
 * single frame in a step of microseconds is no gigabit, and an hour in a moment of the wall is that hour's mean.
 */
export class AverageRate {
  /** Bits per second. */
  #rate = 0;

  /** @param bytes that have passed @param elapsed in how many nanoseconds since the last call @returns bits per second */
  after(bytes: number, elapsed: number): number {
    this.#rate = (this.#rate * SPAN + bytes * 8e9) / (SPAN + elapsed);
    return Math.round(this.#rate);
  }
}
