import type { AckSample } from "./congestion-control.ts";
import { WindowedMax } from "./windowed-max.ts";

/** Rounds over which the largest excess is kept. */
const WINDOW = 10;
/** The excess is at most what the path delivers in this many nanoseconds. */
const LONGEST = 100e6;
/** Segments after which a measurement begins anew. */
const RESET_AFTER = 2 ** 20;

/**
 * How much more than the bandwidth explains is acknowledged at once, where acknowledgments come in bunches: Wi-Fi, cable
 * modems, batching receivers. A window without that much beside the path's own would leave it empty between two bunches.
 */
export class AckAggregation {
  readonly #excess = new WindowedMax(WINDOW);
  #since = 0;
  #acknowledged = 0;

  /** @param bandwidth bytes a second @param round the number of the round trip @param limit bytes: the window */
  add(sample: AckSample, bandwidth: number, round: number, limit: number, segmentSize: number): void {
    if (sample.delivered === 0 || bandwidth === 0) return;
    let expected = (bandwidth * (sample.now - this.#since)) / 1e9;
    const endless = this.#acknowledged + sample.delivered >= RESET_AFTER * segmentSize;
    if (this.#acknowledged <= expected || endless) {
      this.restart(sample.now);
      expected = 0;
    }
    this.#acknowledged += sample.delivered;
    this.#excess.add(round, Math.min(this.#acknowledged - expected, limit));
  }

  /** Counts from now on. */
  restart(now: number): void {
    this.#since = now;
    this.#acknowledged = 0;
  }

  /** Bytes. @param bandwidth bytes a second */
  excess(bandwidth: number): number {
    return Math.min(this.#excess.value, (bandwidth * LONGEST) / 1e9);
  }
}
