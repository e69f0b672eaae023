import type { Random } from "../../../base/random.ts";
import type { AckSample } from "./congestion-control.ts";

/** Probes for more, drains what that queued, cruises: each phase a round trip. */
const GAINS = [5 / 4, 3 / 4, 1, 1, 1, 1, 1, 1];

/** BBR's gain cycle: the rates at which it looks, in turn, whether the path has more to give. */
export class BbrCycle {
  readonly #random: Random;
  #phase = 0;
  #since = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Times the bandwidth. */
  get gain(): number {
    return GAINS[this.#phase] as number;
  }

  get probing(): boolean {
    return this.#phase === 0;
  }

  /** Anywhere but where it drains, by chance, so that flows do not probe together. */
  begin(now: number): void {
    this.#enter((GAINS.length - this.#random.below(GAINS.length - 1)) % GAINS.length, now);
  }

  /**
   * Goes on to the next phase if that is due: after a round trip; but a probe must have taken effect, and drained is drained.
   * @param target bytes in flight that this phase aims at
   */
  turn(sample: AckSample, roundTrip: number, target: number): void {
    let due = sample.now - this.#since > roundTrip;
    if (this.gain > 1) due &&= sample.lost > 0 || sample.priorInFlight >= target;
    else if (this.gain < 1) due ||= sample.priorInFlight <= target;
    if (due) this.#enter((this.#phase + 1) % GAINS.length, sample.now);
  }

  #enter(phase: number, now: number): void {
    this.#phase = phase;
    this.#since = now;
  }
}
