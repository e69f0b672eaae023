import type { AckSample, CongestionControl } from "./congestion-control.ts";
import { HyStart } from "./hystart.ts";

/** Segments by which one acknowledgment may open the window in slow start (RFC 3465 §2.2, L). */
const SLOW_START_LIMIT = 2;
/** ssthresh is never less, in segments (RFC 5681 equation 4; RFC 9438 §4.6). */
export const THRESHOLD_MIN = 2;

/** The window and the threshold before they were reduced. */
interface Checkpoint {
  window: number;
  threshold: number;
}

/**
 * What NewReno and CUBIC share (RFC 5681): slow start, the loss window after a timeout, and the way back when the loss
 * turns out never to have been. How the window grows beyond slow start and how far it falls is theirs.
 */
export abstract class LossBased implements CongestionControl {
  abstract get name(): string;
  window = 0;
  slowStartThreshold = Number.POSITIVE_INFINITY;
  protected segmentSize = 0;
  /** The first slow start is that of RFC 9406; later ones know where to end (RFC 9406 §4.3). */
  readonly #startsCarefully: boolean;
  #hyStart: HyStart | undefined;
  #before: Checkpoint | undefined;

  /** @param hyStart use HyStart++ */
  constructor(hyStart: boolean) {
    this.#startsCarefully = hyStart;
  }

  // What is the same for all takes no room in each connection.
  get pacingRate(): number {
    return 0;
  }

  get ownsRecovery(): boolean {
    return false;
  }

  get rate(): undefined {
    return undefined;
  }

  open(window: number, segmentSize: number, _now: number, _roundTrip: number): void {
    this.window = window;
    this.segmentSize = segmentSize;
  }

  resize(segmentSize: number): void {
    this.segmentSize = segmentSize;
  }

  acknowledged(sample: AckSample): void {
    if (sample.acknowledged === 0) return;
    if (sample.recovering) return; // RFC 9937: rate reduction sets the window
    if (this.inSlowStart) this.#slowStart(sample);
    else {
      this.#hyStart = undefined;
      this.avoidCongestion(sample);
    }
  }

  congested(inFlight: number, _now: number): void {
    this.remember();
    this.reduce(inFlight);
  }

  timedOut(inFlight: number, _now: number, first: boolean): void {
    if (first) {
      this.remember();
      this.reduce(inFlight);
      this.forgetCapacity();
    }
    this.window = this.segmentSize; // RFC 5681 §3.1: the loss window
  }

  recovered(_now: number): void {}

  undo(): void {
    const before = this.#before;
    this.#before = undefined;
    if (before === undefined || this.window >= before.window) return; // RFC 9438 §4.9: long outgrown
    this.window = before.window;
    this.slowStartThreshold = before.threshold;
    this.restore();
  }

  restarted(_now: number, _idle: number): void {}

  abstract snapshot(): Record<string, number | string>;

  /** Sets the threshold, and the window in the end, from what was in flight at a loss. */
  protected abstract reduce(inFlight: number): void;

  /** The window has reached the threshold, and something new was acknowledged. */
  protected abstract avoidCongestion(sample: AckSample): void;

  /** After a timeout nothing holds that was known of the path. */
  protected forgetCapacity(): void {}

  protected get inSlowStart(): boolean {
    return this.window < this.slowStartThreshold;
  }

  /** What slow start is in, for {@link snapshot}. */
  protected get slowStartPhase(): string {
    return this.#hyStart?.conservative ? "conservative slow start" : "slow start";
  }

  #slowStart(sample: AckSample): void {
    if (this.#startsCarefully && this.slowStartThreshold === Number.POSITIVE_INFINITY) {
      this.#hyStart ??= new HyStart();
      const bytes = this.#hyStart.acknowledged(sample, this.segmentSize);
      if (sample.limited) this.window += bytes;
      if (this.#hyStart.done) this.slowStartThreshold = this.window;
    } else if (sample.limited) {
      // RFC 5681 §3.1, equation 2. As Linux it counts what was delivered, so what had arrived before a timeout opens no
      // window: RFC 3465 §2.3 lowers its limit for no other reason.
      const bytes = Math.min(sample.delivered, SLOW_START_LIMIT * this.segmentSize);
      this.window = Math.min(this.window + bytes, this.slowStartThreshold);
    }
  }

  /** Keeps what {@link restore} brings back. */
  protected remember(): void {
    this.#before = { window: this.window, threshold: this.slowStartThreshold };
  }

  protected restore(): void {}
}
