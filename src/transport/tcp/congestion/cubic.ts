import type { AckSample } from "./congestion-control.ts";
import { cubeRoot } from "./cube-root.ts";
import { LossBased, THRESHOLD_MIN } from "./loss-based.ts";

/** β_cubic: what remains of the window after a loss (RFC 9438 §4.6). */
const BETA = 0.7;
/** C: how fast the window grows, segments a second cubed (RFC 9438 §5). */
const C = 0.4;
/** α_cubic: what Reno would add a round trip if it fell by {@link BETA} only (RFC 9438 §4.3). */
const ALPHA = (3 * (1 - BETA)) / (1 + BETA);
/** Times cwnd that the window may be a round trip later (RFC 9438 §4.2): slower than slow start. */
const TARGET_MAX = 1.5;

/** What a loss changes beside window and threshold (RFC 9438 §4.9). */
interface Curve {
  windowPrior: number;
  windowMaximum: number;
  windowReno: number;
  plateauAfter: number;
  elapsed: number;
  lastAck: number;
}

/**
 * CUBIC (RFC 9438): after a loss the window returns to where it was lost along a cubic curve of time, first fast, flat
 * near the old maximum, then ever faster beyond it. So growth depends little on the round trip.
 */
export class Cubic extends LossBased {
  /** cwnd_prior: the window when the threshold was last set, bytes. */
  #windowPrior = 0;
  /** W_max: where the curve is flat, bytes; 0 while no loss has told. */
  #windowMaximum = 0;
  /** W_est: where Reno would be, bytes. */
  #windowReno = 0;
  /** K: seconds from the start of the curve to its plateau. */
  #plateauAfter = 0;
  /** t: nanoseconds since the curve began, less those in which the window was not in use; −1 before it begins. */
  #elapsed = -1;
  /** When the last acknowledgment came; t goes on from there. */
  #lastAck = 0;
  /** Smoothed round trip, nanoseconds (RFC 6298 §2). */
  #roundTrip = 0;
  #before: Curve | undefined;

  /** @param hyStart use HyStart++ (RFC 9438 §4.10) */
  constructor(hyStart = true) {
    super(hyStart);
  }

  override get name(): string {
    return "cubic";
  }

  override open(window: number, segmentSize: number, now: number, roundTrip: number): void {
    super.open(window, segmentSize, now, roundTrip);
    this.#roundTrip = roundTrip;
  }

  override acknowledged(sample: AckSample): void {
    if (sample.roundTrip > 0) {
      this.#roundTrip += this.#roundTrip === 0 ? sample.roundTrip : (sample.roundTrip - this.#roundTrip) / 8;
    }
    super.acknowledged(sample);
  }

  protected override avoidCongestion(sample: AckSample): void {
    const { now } = sample;
    if (this.#elapsed < 0) this.#beginCurve();
    else if (sample.limited) this.#elapsed += now - this.#lastAck; // RFC 9438 §4.2: t is time in use
    this.#lastAck = now;
    if (!sample.limited) return; // RFC 9438 §5.8
    const share = Math.min(sample.delivered / this.window, 1);
    const alpha = this.#windowReno >= this.#windowPrior ? 1 : ALPHA;
    this.#windowReno += alpha * share * this.segmentSize; // RFC 9438 §4.3, equation 4
    if (this.#curve(0) < this.#windowReno) {
      this.window = Math.max(this.window, this.#windowReno); // RFC 9438 §4.3, the Reno-friendly region
      return;
    }
    // RFC 9438 §4.4 and §4.5, the concave and the convex region. It counts what was delivered, not ACKs, as Linux does.
    const target = Math.min(this.#curve(this.#roundTrip), TARGET_MAX * this.window);
    if (target > this.window) this.window += (target - this.window) * share;
  }

  protected override reduce(_inFlight: number): void {
    const { window } = this;
    this.#windowPrior = window;
    // RFC 9438 §4.7, fast convergence: lost earlier than the last time, so others have come, and it leaves them room.
    this.#windowMaximum = window < this.#windowMaximum ? (window * (1 + BETA)) / 2 : window;
    // RFC 9438 §4.6. As Linux from cwnd, not from the flight: it does not grow while it is not in use.
    this.slowStartThreshold = Math.max(window * BETA, THRESHOLD_MIN * this.segmentSize);
    this.#elapsed = -1;
  }

  protected override forgetCapacity(): void {
    this.#windowMaximum = 0; // RFC 9438 §4.8: the first curve after a timeout begins at its plateau
  }

  /** As if the loss had not been. */
  protected override restore(): void {
    const before = this.#before;
    if (before === undefined) return;
    this.#windowPrior = before.windowPrior;
    this.#windowMaximum = before.windowMaximum; // RFC 9438 §4.9
    this.#windowReno = before.windowReno;
    this.#plateauAfter = before.plateauAfter;
    this.#elapsed = before.elapsed;
    this.#lastAck = before.lastAck;
  }

  /** RFC 9438 §5.8: the curve is the same after a pause, only later. */
  override restarted(now: number, _idle: number): void {
    this.#lastAck = now;
  }

  override snapshot(): Record<string, number | string> {
    return {
      phase: this.inSlowStart ? this.slowStartPhase : this.#region(),
      windowMaximum: Math.round(this.#windowMaximum),
      windowReno: Math.round(this.#windowReno),
      plateauAfter: Math.round(this.#plateauAfter * 1e9),
      elapsed: Math.max(this.#elapsed, 0),
    };
  }

  #region(): string {
    if (this.#curve(0) < this.#windowReno) return "Reno-friendly";
    return this.window < this.#windowMaximum ? "concave" : "convex";
  }

  /** A congestion avoidance stage begins (RFC 9438 §4.2, equation 2; §4.10 where slow start ended without a loss). */
  #beginCurve(): void {
    const { window } = this;
    if (this.#windowPrior === 0) this.#windowPrior = window;
    if (this.#windowMaximum < window) this.#windowMaximum = window;
    this.#plateauAfter = cubeRoot((this.#windowMaximum - window) / (C * this.segmentSize));
    this.#windowReno = window;
    this.#elapsed = 0;
  }

  /** W_cubic(t + later), bytes (RFC 9438 §4.2, equation 1). @param later nanoseconds */
  #curve(later: number): number {
    const t = (this.#elapsed + later) / 1e9 - this.#plateauAfter;
    return C * this.segmentSize * t * t * t + this.#windowMaximum;
  }

  protected override remember(): void {
    super.remember();
    this.#before = {
      windowPrior: this.#windowPrior,
      windowMaximum: this.#windowMaximum,
      windowReno: this.#windowReno,
      plateauAfter: this.#plateauAfter,
      elapsed: this.#elapsed,
      lastAck: this.#lastAck,
    };
  }
}
