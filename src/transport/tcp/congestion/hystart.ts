import { isAtOrBefore } from "../sequence.ts";
import type { AckSample } from "./congestion-control.ts";

// RFC 9406 §4.3; times in nanoseconds
/** A rise of the round trip that means a queue is at least so much, and at most {@link MAX_RTT_THRESH}. */
const MIN_RTT_THRESH = 4e6;
const MAX_RTT_THRESH = 16e6;
/** Between the two it is this part of the round trip. */
const MIN_RTT_DIVISOR = 8;
/** Samples without which a round says nothing. */
const N_RTT_SAMPLE = 8;
/** Conservative slow start grows by this part of slow start, */
const CSS_GROWTH_DIVISOR = 4;
/** and after so many rounds congestion avoidance begins. */
const CSS_ROUNDS = 5;
/**
 * Segments by which one acknowledgment may open the window where output is not paced (L): a stretch of lost acknowledgments
 * shall let no burst out. It is more behind a receiver that always bunches them, since bursts are what it gets anyway.
 */
const LIMIT_UNPACED = 8;

/**
 * HyStart++ (RFC 9406): leaves the first slow start when round trips grow, before the queue overflows. It does so by way of
 * conservative slow start, from which it returns if the rise was only jitter.
 */
export class HyStart {
  /** The round ends when this is acknowledged; undefined between two rounds. */
  #windowEnd: number | undefined;
  #lastRoundMinRtt = Number.POSITIVE_INFINITY;
  #currentRoundMinRtt = Number.POSITIVE_INFINITY;
  #rttSampleCount = 0;
  /** cssBaselineMinRtt; 0 in slow start. */
  #cssBaselineMinRtt = 0;
  /** Bytes that the acknowledgment before delivered. */
  #lastDelivered = 0;
  /** Rounds of conservative slow start that are over; the one in which it began counts. */
  #cssRounds = 0;

  /** In conservative slow start. */
  get conservative(): boolean {
    return this.#cssBaselineMinRtt > 0;
  }

  /** Conservative slow start has lasted long enough: the window is the threshold now. */
  get done(): boolean {
    return this.#cssRounds >= CSS_ROUNDS;
  }

  /** Takes in an acknowledgment. @returns bytes by which it opens a window that is in use */
  acknowledged(sample: AckSample, segmentSize: number): number {
    // SND.NXT at the first acknowledgment of the round, so it includes what the last one of the round before let out: else
    // the ends of bursts, with their long round trips, slip into the beginning of rounds, and are taken for a rise.
    this.#windowEnd ??= sample.sndNxt;
    const growth = Math.min(sample.delivered, Math.max(LIMIT_UNPACED * segmentSize, this.#lastDelivered));
    this.#lastDelivered = sample.delivered;
    if (sample.roundTrip > 0) this.#measure(sample.roundTrip);
    const conservative = this.conservative;
    if (isAtOrBefore(this.#windowEnd, sample.sndUna)) this.#endRound();
    return conservative ? growth / CSS_GROWTH_DIVISOR : growth; // RFC 9406 §4.2
  }

  /** RFC 9406 §4.2: has the least round trip of this round grown since the last? */
  #measure(roundTrip: number): void {
    this.#currentRoundMinRtt = Math.min(this.#currentRoundMinRtt, roundTrip);
    this.#rttSampleCount++;
    if (this.#rttSampleCount < N_RTT_SAMPLE || this.#lastRoundMinRtt === Number.POSITIVE_INFINITY) return;
    if (this.conservative) {
      if (this.#currentRoundMinRtt < this.#cssBaselineMinRtt) this.#resume();
    } else if (this.#currentRoundMinRtt >= this.#lastRoundMinRtt + rttThresh(this.#lastRoundMinRtt)) {
      this.#cssBaselineMinRtt = this.#currentRoundMinRtt;
    }
  }

  /** The rise was no queue (RFC 9406 §4.2): slow start goes on. */
  #resume(): void {
    this.#cssBaselineMinRtt = 0;
    this.#cssRounds = 0;
  }

  #endRound(): void {
    if (this.conservative) this.#cssRounds++;
    this.#windowEnd = undefined;
    this.#lastRoundMinRtt = this.#currentRoundMinRtt;
    this.#currentRoundMinRtt = Number.POSITIVE_INFINITY;
    this.#rttSampleCount = 0;
  }
}

function rttThresh(lastRoundMinRtt: number): number {
  return Math.max(MIN_RTT_THRESH, Math.min(lastRoundMinRtt / MIN_RTT_DIVISOR, MAX_RTT_THRESH));
}
