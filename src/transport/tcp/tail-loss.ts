import { milliseconds } from "../../time/instant.ts";
import type { Connection } from "./connection.ts";
import { isAfter, isBefore } from "./sequence.ts";

/** What a probe waits beside two round trips, so that its timer does not race with the acknowledgment (as Linux). */
const MARGIN = milliseconds(2);

/** The tail loss probe: the last segments of a burst are asked after before the retransmission timer expires (RFC 8985 §7). */
export class TailLoss {
  /** TLP.end_seq: SND.NXT when a probe was sent, until its fate is known. */
  end: number | undefined;
  /** TLP.is_retrans: it repeated data. */
  #again = false;

  probed(sndNxt: number, again: boolean): void {
    this.end = sndNxt;
    this.#again = again;
  }

  /**
   * An acknowledgment after a probe (RFC 8985 §7.4.2).
   * @param duplicate it says nothing new @param reported it reports a duplicate (D-SACK)
   * @returns whether the probe made a loss good, of which the window must hear
   */
  judge(ack: number, duplicate: boolean, reported: boolean): boolean {
    if (this.end === undefined || isBefore(ack, this.end)) return false;
    const repaired = this.#again && !reported && isAfter(ack, this.end);
    // New data was the probe, or both copies have arrived: nothing was lost.
    if (!this.#again || reported || duplicate || repaired) this.end = undefined;
    return repaired;
  }
}

/** PTO (RFC 8985 §7.2). @returns nanoseconds; infinite when no probe is due after what is in flight now */
export function probeTimeout(c: Connection): number {
  if (!c.sackPermitted || c.sent.count === 0 || c.sent.sacked > 0 || !c.maySendTailProbe)
    return Number.POSITIVE_INFINITY;
  if (c.rto.smoothed === 0) return c.rto.current;
  // The acknowledgment of no more than one full segment may be delayed (RFC 9293 §3.8.6.3, SHLD-19).
  return 2 * c.rto.smoothed + (c.sent.outstanding <= c.segmentSize ? c.settings.minimumRto : MARGIN);
}
