import type { Connection } from "./connection.ts";
import { EVER_RESENT, LOST, RESENT, SACKED } from "./sent-segments.ts";
import { isAfter } from "./sequence.ts";

/** Recoveries for which a wider reordering window is kept after the last D-SACK (RFC 8985 §6.2.4). */
const WINDOW_PERSISTENCE = 16;
/** Quarters of the shortest round trip that the reordering window may grow to. */
const MULTIPLIER_MAX = 20;
/** Segments reported beyond a gap that stand for a loss where no reordering was seen (RFC 8985 §6.2.4). */
const DUPLICATE_THRESHOLD = 3;

/**
 * Losses found by time: what was sent well before something that has arrived is lost (RFC 8985 §6). The segments are never
 * gone through from the start: those sent once are in order of time as they are in order of sequence, and those sent again
 * stand in a queue.
 */
export class RackDetection {
  /** RACK.xmit_ts and RACK.end_seq: the latest sent of what has arrived. */
  #sentAt = -1;
  #end = 0;
  /** RACK.rtt */
  #roundTrip = 0;
  /** RACK.reordering_seen, and the highest sequence number that has arrived (RACK.fack). */
  reorderingSeen = false;
  #highest = 0;
  /** RACK.reo_wnd_mult and how long it is kept. */
  #multiplier = 1;
  #persistence = 0;
  #widenedAt = Number.NEGATIVE_INFINITY;
  /** All segments sent once that end here or before are reported, or lost. */
  #settled = 0;
  /** Those sent again, in order of time: the sequence number after each, and when. */
  #resent: number[] = [];

  /** Something is out of order for the first time since all was acknowledged. */
  begin(sndUna: number): void {
    this.#highest = this.#settled = sndUna;
    this.#resent.length = 0;
  }

  /** A segment has arrived (RFC 8985 §6.2, steps 1 to 3). Called while it still stands among those sent. */
  delivered(c: Connection, index: number, echoedBefore: boolean): void {
    const { sent } = c;
    const end = sent.end(index);
    const sentAt = sent.sentAt(index);
    const again = sent.has(index, EVER_RESENT);
    const elapsed = c.now - sentAt;
    if (isAfter(end, this.#highest)) this.#highest = end;
    // Step 3: sent once, and it arrived after what was sent later.
    else if (!again && end !== this.#highest) this.reorderingSeen = true;
    if (again && (echoedBefore || elapsed < c.rto.minimum)) return; // step 2: the first sending is what has arrived
    this.#roundTrip = elapsed;
    if (!this.#isBefore(sentAt, end)) {
      this.#sentAt = sentAt;
      this.#end = end;
    }
  }

  /** A segment was sent again. */
  resent(end: number, now: number): void {
    this.#resent.push(end, now);
  }

  /** A segment was cut in two. */
  split(first: number, end: number): void {
    for (let at = 0; at < this.#resent.length; at += 2) {
      if (this.#resent[at] !== end) continue;
      this.#resent.splice(at, 0, first, this.#resent[at + 1] as number);
      at += 2;
    }
  }

  /** D-SACK: something was sent again for nothing; more patience, once a round trip (step 4). */
  duplicateReported(now: number): void {
    if (now - this.#widenedAt < this.#roundTrip) return;
    this.#widenedAt = now;
    this.#multiplier = Math.min(this.#multiplier + 1, MULTIPLIER_MAX);
    this.#persistence = WINDOW_PERSISTENCE;
  }

  /** A recovery is over. */
  recovered(): void {
    if (this.#persistence > 0 && --this.#persistence === 0) this.#multiplier = 1;
  }

  /** The peer has forgotten what it reported: all is to be judged again. */
  forget(sndUna: number): void {
    this.#settled = sndUna;
  }

  /** Nanoseconds after its sending at which a segment is lost if what was sent later has arrived (step 4 and 5). */
  patience(c: Connection, recovering: boolean): number {
    return this.#roundTrip + this.#window(c, recovering);
  }

  /** RACK_update_reo_wnd (step 4). @param recovering in recovery or after a timeout */
  #window(c: Connection, recovering: boolean): number {
    if (!this.reorderingSeen) {
      if (recovering || c.sent.sacked >= DUPLICATE_THRESHOLD * c.segmentSize) return 0;
    }
    return Math.min((this.#multiplier * c.rto.minimum) / 4, c.rto.smoothed);
  }

  /** RACK_detect_loss (step 5): marks what is lost, and arms the reorder timer for what may be soon. */
  detect(c: Connection, recovering: boolean): void {
    c.timers.stop("reorder");
    if (this.#sentAt < 0) return;
    const patience = this.patience(c, recovering);
    const wait = Math.max(this.#judgeFirst(c, patience), this.#judgeResent(c, patience));
    if (wait > 0) c.setTimer("reorder", c.now + Math.ceil(wait));
  }

  /** RACK_sent_after, of a segment against the latest that has arrived. */
  #isBefore(sentAt: number, end: number): boolean {
    return sentAt < this.#sentAt || (sentAt === this.#sentAt && isAfter(this.#end, end));
  }

  /** Those that were sent once. @returns how long the last undecided one must wait; 0 for none */
  #judgeFirst(c: Connection, patience: number): number {
    const { sent, now } = c;
    let wait = 0;
    for (let index = sent.find(this.#settled); index < sent.count; index++) {
      if (!sent.has(index, SACKED | LOST | EVER_RESENT)) {
        const sentAt = sent.sentAt(index);
        if (!this.#isBefore(sentAt, sent.end(index))) break;
        const remaining = sentAt + patience - now;
        if (remaining <= 0) c.markLost(index);
        else wait = Math.max(wait, remaining);
      }
      if (wait === 0) this.#settled = sent.end(index);
    }
    return wait;
  }

  /** Those that were sent again, the longest ago first. */
  #judgeResent(c: Connection, patience: number): number {
    const { sent, now } = c;
    const queue = this.#resent;
    let wait = 0;
    let done = 0;
    for (let at = 0; at < queue.length; at += 2) {
      const end = queue[at] as number;
      const sentAt = queue[at + 1] as number;
      const index = sent.find(end - 1);
      const current = index < sent.count && sent.end(index) === end && sent.sentAt(index) === sentAt;
      if (current && !sent.has(index, SACKED) && (sent.has(index, RESENT) || !sent.has(index, LOST))) {
        if (!this.#isBefore(sentAt, end)) break;
        const remaining = sentAt + patience - now;
        if (remaining <= 0) c.markLost(index);
        else wait = Math.max(wait, remaining);
      }
      if (wait === 0) done = at + 2;
    }
    if (done > 0) queue.splice(0, done);
    return wait;
  }
}
