import type { AckSample } from "./congestion-control.ts";
import { LossBased, THRESHOLD_MIN } from "./loss-based.ts";

/** Slow start and congestion avoidance as RFC 5681 has them, counted in bytes (RFC 3465). */
export class NewReno extends LossBased {
  /** Bytes acknowledged since the window last grew in congestion avoidance (RFC 3465 §2.1, bytes_acked). */
  #acknowledged = 0;

  /** @param hyStart use HyStart++ (RFC 9406); Linux's Reno does not */
  constructor(hyStart = false) {
    super(hyStart);
  }

  override get name(): string {
    return "newreno";
  }

  /** A segment for each window that was acknowledged (RFC 5681 §3.1, RFC 3465 §2.1). */
  protected override avoidCongestion(sample: AckSample): void {
    if (!sample.limited) return; // RFC 2861 §3: a window that was not used is not proven
    this.#acknowledged += sample.delivered;
    if (this.#acknowledged < this.window) return;
    this.#acknowledged -= this.window;
    this.window += this.segmentSize;
  }

  /** RFC 5681 §3.1, equation 4. */
  protected override reduce(inFlight: number): void {
    this.slowStartThreshold = Math.max(inFlight / 2, THRESHOLD_MIN * this.segmentSize);
    this.#acknowledged = 0;
  }

  override snapshot(): Record<string, number | string> {
    return { phase: this.inSlowStart ? this.slowStartPhase : "congestion avoidance", acknowledged: this.#acknowledged };
  }
}
