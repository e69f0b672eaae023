import type { BbrPath } from "./bbr-path.ts";
import type { AckSample } from "./congestion-control.ts";

/** How long nearly nothing is in flight at least, nanoseconds. */
const LONG_ENOUGH = 200e6;

/**
 * BBR's probe of the round trip: for a while so little is in flight that nobody's queue stands, and the round trip without it
 * is seen.
 */
export class BbrProbe {
  /** When it may end; −1 before little enough is in flight. */
  #until = -1;
  #roundOver = false;

  begin(): void {
    this.#until = -1;
    this.#roundOver = false;
  }

  /** @param little bytes in flight that are few enough @returns whether the probe is over: after 200 ms and a round */
  acknowledged(sample: AckSample, path: BbrPath, little: number): boolean {
    const { inFlight, totalDelivered, now } = sample;
    path.limitUntil(totalDelivered + inFlight);
    if (this.#until >= 0) this.#roundOver ||= path.roundBegan;
    else if (inFlight <= little) {
      this.#until = now + LONG_ENOUGH;
      path.endRoundAfter(totalDelivered);
    }
    return this.#roundOver && this.isLongEnough(now);
  }

  isLongEnough(now: number): boolean {
    return this.#until >= 0 && now > this.#until;
  }
}
