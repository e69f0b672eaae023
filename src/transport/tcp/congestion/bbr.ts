import type { Random } from "../../../base/random.ts";
import { AckAggregation } from "./ack-aggregation.ts";
import { BbrCycle } from "./bbr-cycle.ts";
import { BbrPath } from "./bbr-path.ts";
import { BbrProbe } from "./bbr-probe.ts";
import type { AckSample, CongestionControl } from "./congestion-control.ts";
import { DeliveryRate } from "./delivery-rate.ts";

/** 2/ln 2: the least gain that doubles the rate each round. */
const HIGH_GAIN = 2885 / 1000;
const DRAIN_GAIN = 1000 / 2885;
/** Of the path's product, when the bandwidth is known: room for delayed and bunched acknowledgments. */
const WINDOW_GAIN = 2;
/** Pacing stays this much under the bandwidth, so that the queue drains. */
const PACING_MARGIN = 0.99;
/** Segments in flight while the round trip is probed, and the least at any time. */
const WINDOW_MIN = 4;
/** Below this rate one segment goes at a time, bytes a second. */
const SLOW = 150_000;
/** Bytes that go at once at most. */
const BURST_MAX = 65_536;

type Mode = "startup" | "drain" | "probe bandwidth" | "probe round trip";

/**
 * BBR v1, as Linux has it: sends at the bandwidth that the path has shown, and keeps in flight what the path holds, whatever
 * is lost. Linux's detection of policers (long-term sampling) is left out.
 */
export class Bbr implements CongestionControl {
  readonly name = "bbr";
  window = 0;
  slowStartThreshold = Number.POSITIVE_INFINITY;
  pacingRate = 0;
  readonly ownsRecovery = true;
  readonly rate = new DeliveryRate();
  readonly #path = new BbrPath();
  readonly #aggregation = new AckAggregation();
  readonly #cycle: BbrCycle;
  readonly #probe = new BbrProbe();
  #mode: Mode = "startup";
  #segmentSize = 0;
  #initialWindow = 0;
  #measured = false;
  /** Sending began again after idleness: the round trip needs no probing. */
  #restarted = false;
  /** The window to go back to after recovery or probing. */
  #savedWindow = 0;
  #recovery: "none" | "begins" | "conserving" | "growing" = "none";

  /** @param random decides the phase in which the gain cycle begins */
  constructor(random: Random) {
    this.#cycle = new BbrCycle(random);
  }

  open(window: number, segmentSize: number, now: number, roundTrip: number): void {
    this.window = this.#initialWindow = window;
    this.#segmentSize = segmentSize;
    this.#path.measuredAt = now;
    this.#guessPacing(roundTrip);
  }

  resize(segmentSize: number): void {
    this.#segmentSize = segmentSize;
  }

  acknowledged(sample: AckSample): void {
    const path = this.#path;
    path.acknowledged(sample);
    if (path.roundBegan && this.#recovery === "conserving") this.#recovery = "growing";
    this.#aggregation.add(sample, path.bandwidth, path.round, this.window, this.#segmentSize);
    const { gain } = this.#cycle;
    if (this.#mode === "probe bandwidth") this.#cycle.turn(sample, path.roundTrip, this.#flight(Math.max(gain, 1)));
    if (this.#mode === "startup" && path.full) this.#mode = "drain";
    if (this.#mode === "drain" && sample.inFlight <= this.#flight(1)) this.#probeBandwidth(sample.now);
    this.#probeRoundTrip(sample);
    this.#setPacing(this.#pacingGain, sample.roundTrip);
    this.#setWindow(sample);
  }

  congested(_inFlight: number, _now: number): void {
    this.#saveWindow();
    this.#recovery = "begins";
  }

  timedOut(_inFlight: number, _now: number, first: boolean): void {
    if (first) this.#saveWindow();
    this.window = this.#segmentSize;
    this.#recovery = "growing";
    this.#path.forgetGrowth();
  }

  recovered(_now: number): void {
    if (this.#recovery !== "none") this.window = Math.max(this.window, this.#savedWindow);
    this.#recovery = "none";
  }

  undo(): void {
    this.#path.forgetGrowth();
    this.recovered(0);
  }

  restarted(now: number, _idle: number): void {
    this.#restarted = true;
    this.#aggregation.restart(now);
    if (this.#mode === "probe bandwidth") this.#setPacing(1, 0);
    else if (this.#mode === "probe round trip" && this.#probe.isLongEnough(now)) this.#endProbe(now);
  }

  snapshot(): Record<string, number | string> {
    const { bandwidth, roundTrip, round } = this.#path;
    return {
      phase: this.#mode,
      bandwidth: Math.round(bandwidth),
      roundTrip: roundTrip === Number.POSITIVE_INFINITY ? 0 : roundTrip,
      round,
      pacingGain: this.#pacingGain,
      windowGain: this.#windowGain,
    };
  }

  get #least(): number {
    return WINDOW_MIN * this.#segmentSize;
  }

  get #pacingGain(): number {
    if (this.#mode === "startup") return HIGH_GAIN;
    if (this.#mode === "drain") return DRAIN_GAIN;
    return this.#mode === "probe bandwidth" ? this.#cycle.gain : 1;
  }

  get #windowGain(): number {
    if (this.#mode === "probe bandwidth") return WINDOW_GAIN;
    return this.#mode === "probe round trip" ? 1 : HIGH_GAIN;
  }

  #probeBandwidth(now: number): void {
    this.#mode = "probe bandwidth";
    this.#cycle.begin(now);
  }

  /** Every 10 s without a lower round trip, unless there was a pause anyway. */
  #probeRoundTrip(sample: AckSample): void {
    if (this.#path.expired && !this.#restarted && this.#mode !== "probe round trip") {
      this.#saveWindow();
      this.#mode = "probe round trip";
      this.#probe.begin();
    }
    if (this.#mode === "probe round trip" && this.#probe.acknowledged(sample, this.#path, this.#least)) {
      this.#endProbe(sample.now);
    }
    if (sample.delivered > 0) this.#restarted = false;
  }

  #endProbe(now: number): void {
    this.#path.measuredAt = now;
    this.window = Math.max(this.window, this.#savedWindow);
    if (this.#path.full) this.#probeBandwidth(now);
    else this.#mode = "startup";
  }

  /** Before a rate is known: the window in a round trip, 1 ms if that is unknown too. */
  #guessPacing(roundTrip: number): void {
    this.#measured = roundTrip > 0;
    this.pacingRate = (HIGH_GAIN * PACING_MARGIN * this.window * 1e9) / (roundTrip || 1e6);
  }

  /** In startup the rate only grows: early samples are small. */
  #setPacing(gain: number, roundTrip: number): void {
    if (!this.#measured && roundTrip > 0) this.#guessPacing(roundTrip);
    const rate = this.#path.bandwidth * gain * PACING_MARGIN;
    if (rate > 0 && (this.#path.full || rate > this.pacingRate)) this.pacingRate = rate;
  }

  /** Bytes in flight that this gain asks for: the path's product, and what waits at both ends to go as one burst. */
  #flight(gain: number): number {
    const { roundTrip } = this.#path;
    const segment = this.#segmentSize;
    if (roundTrip === Number.POSITIVE_INFINITY) return this.#initialWindow;
    const least = this.pacingRate < SLOW ? segment : 2 * segment;
    const burst = Math.max(Math.min(this.pacingRate / 1024, BURST_MAX), least);
    const even = Math.ceil((this.#path.product(gain) + 3 * burst) / (2 * segment)) * 2 * segment;
    return even + (this.#mode === "probe bandwidth" && this.#cycle.probing ? 2 * segment : 0);
  }

  #setWindow(sample: AckSample): void {
    const { delivered, inFlight } = sample;
    if (delivered > 0) {
      const conserved = inFlight + Math.max(delivered, this.#segmentSize); // a small one too lets out a whole one
      if (sample.lost > 0) this.window = Math.max(this.window - sample.lost, this.#segmentSize);
      if (this.#recovery === "begins") {
        this.#recovery = "conserving";
        this.#path.endRoundAfter(sample.totalDelivered);
        this.window = conserved;
      } else if (this.#recovery === "conserving") this.window = Math.max(this.window, conserved);
      else this.window = Math.max(this.#grown(sample), this.#least);
    }
    if (this.#mode === "probe round trip") this.window = Math.min(this.window, this.#least);
  }

  /** The window, opened by what was delivered: up to the target once the bandwidth is found, else beyond it as in slow start. */
  #grown(sample: AckSample): number {
    const path = this.#path;
    const target = this.#flight(this.#windowGain) + (path.full ? this.#aggregation.excess(path.bandwidth) : 0);
    if (path.full) return Math.min(this.window + sample.delivered, target);
    const early = this.window < target || sample.totalDelivered < this.#initialWindow;
    return early ? this.window + sample.delivered : this.window;
  }

  /** Not one that recovery or probing has shrunk. */
  #saveWindow(): void {
    const own = this.#recovery === "none" && this.#mode !== "probe round trip";
    this.#savedWindow = own ? this.window : Math.max(this.#savedWindow, this.window);
  }
}
