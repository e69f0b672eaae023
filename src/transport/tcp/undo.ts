import type { Connection } from "./connection.ts";
import type { Segment } from "./segment.ts";
import { distance, isAfter, isBefore } from "./sequence.ts";

/**
 * Whether the last reduction was for nothing: all that was sent again came twice (D-SACK, RFC 3708 §2), or the peer echoes
 * a timestamp from before it was (the Eifel detection, RFC 3522 §3.2). As Linux.
 */
export class Undo {
  /** SND.UNA when the reduction began, while it may still be undone. */
  #marker: number | undefined;
  /** The same, before {@link end}; and SND.NXT when recovery ended: past it no report is awaited. */
  #lastMarker = 0;
  #limit: number | undefined;
  /** Bytes sent again that were not reported as duplicates; −1 until the first is. */
  #outstanding = -1;
  /** When the first went out again; −1 for never. */
  #resentAt = -1;

  /** A reduction begins. What an earlier one sent again may still be under way: it came first, and is waited for too. */
  begin({ sndUna, sent }: Connection): void {
    this.#marker = sndUna;
    this.#limit = undefined;
    this.#outstanding = sent.resent > 0 ? sent.resent : -1;
    if (sent.everResent === 0) this.#resentAt = -1;
  }

  /** The reduction stands, or is undone. */
  end(): void {
    if (this.#marker !== undefined) this.#lastMarker = this.#marker;
    this.#marker = this.#limit = undefined;
  }

  /** Recovery is over, but all that was sent again may yet be reported as duplicates. */
  mayFollow(sndNxt: number): void {
    if (this.#outstanding <= 0) return;
    this.#marker = this.#lastMarker;
    this.#limit = sndNxt;
  }

  resent(bytes: number, now: number): void {
    if (this.#marker === undefined) return;
    if (this.#resentAt < 0) this.#resentAt = now;
    this.#outstanding = Math.max(this.#outstanding, 0) + bytes;
  }

  /** A range came twice at the peer. */
  duplicateReported(left: number, right: number): void {
    if (this.#marker === undefined || this.#outstanding <= 0 || isBefore(left, this.#marker)) return;
    if (this.#limit !== undefined && isAfter(right, this.#limit)) return;
    this.#outstanding = Math.max(this.#outstanding - distance(right, left), 0);
  }

  /** Whether every repetition has come twice. */
  get allDuplicates(): boolean {
    return this.#marker !== undefined && this.#outstanding === 0;
  }

  /** Whether the acknowledgment answers a sending from before the first repetition. */
  wasDelayed(c: Connection, s: Segment): boolean {
    if (this.#marker === undefined || this.#resentAt < 0) return false;
    if (!c.timestamps || !s.options.timestamps || s.options.timestampEcho === 0) return false;
    return isBefore(s.options.timestampEcho, c.timestampAt(this.#resentAt));
  }

  isSpurious(c: Connection, s: Segment): boolean {
    return this.allDuplicates || this.wasDelayed(c, s);
  }
}
