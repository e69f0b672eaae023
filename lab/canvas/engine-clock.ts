/**
 * Behind the engine's time by so many milliseconds of the wall, so that what happens is known before it is shown: the engine tells of
 * it 20 times a second.
 */
const BEHIND = 70;
/** A time told that is so far from the one expected (in milliseconds of the wall) is taken as it is. */
const JUMP = 400;

/** What virtual time it is at the engine, between the times that it tells. Virtual times are nanoseconds, wall times milliseconds. */
export class EngineClock {
  #now = 0;
  #wall = 0;
  /** Virtual nanoseconds in a millisecond of the wall. */
  #rate = 0;
  #shown = Number.NEGATIVE_INFINITY;

  /** @param speed virtual seconds in a wall second; `"max"`: as the times told so far go on */
  tell(now: number, running: boolean, speed: number | "max", wall: number): void {
    const elapsed = wall - this.#wall;
    const measured = elapsed > 0 ? Math.max(0, (now - this.#now) / elapsed) : this.#rate;
    this.#rate = running ? (speed === "max" ? measured : speed * 1e6) : 0;
    this.#now = now;
    this.#wall = wall;
    const wanted = this.#wanted(wall);
    if (!running || Math.abs(wanted - this.#shown) > JUMP * this.#rate || this.#shown > now) this.#shown = wanted;
  }

  /** The virtual time to show: it stands still while the network does, and only a rewind turns it back. */
  at(wall: number): number {
    this.#shown = Math.max(this.#shown, this.#wanted(wall));
    return this.#shown;
  }

  /** Virtual nanoseconds that pass in a millisecond of the wall; 0 while the network stands. */
  get rate(): number {
    return this.#rate;
  }

  #wanted(wall: number): number {
    if (this.#rate === 0) return this.#now;
    // No farther than it was told: an engine that is gone has no time that goes on.
    return this.#now + Math.min(wall - this.#wall - BEHIND, JUMP) * this.#rate;
  }
}
