import { assert } from "../../base/assert.ts";
import { distance, isAfter, isAtOrBefore, isBefore } from "./sequence.ts";

/** The peer holds it, as a SACK block said; it may still forget (RFC 2018 §8). */
export const SACKED = 1;
/** Taken for lost. */
export const LOST = 2;
/** Sent again since it was last taken for lost, and under way. */
export const RESENT = 4;
/** Ever sent again: its round trip says nothing (Karn's algorithm). */
export const EVER_RESENT = 8;

/** A segment is three numbers of the ring: the sequence number after it, when it was last sent, its flags. */
const STRIDE = 3;
const TIME = 1;
const FLAGS = 2;
const FIRST_CAPACITY = 4;
/** With more segments than this under way none is cut in two for a SACK block that covers a part of it. */
const SPLIT_LIMIT = 16_384;

/**
 * The segments between SND.UNA and SND.NXT: the scoreboard of RFC 6675 §3, with the sending times of RFC 8985 §5.2. They
 * stand by sequence in a ring of numbers, so that nothing is allocated for a segment; an idle connection has next to none.
 */
export class SentSegments {
  #ring: number[] = [];
  /** Segments the ring holds, less one. */
  #mask = -1;
  #first = 0;
  /** How many there are. */
  count = 0;
  /** SND.UNA: where the first begins. */
  #start: number;
  /** Bytes of sequence space in each condition. */
  sacked = 0;
  lost = 0;
  resent = 0;
  /** Segments that were ever sent again. */
  everResent = 0;

  /** @param start SND.UNA */
  constructor(start = 0) {
    this.#start = start;
  }

  /** Begins anew. @param start SND.UNA */
  reset(start: number): void {
    this.count = this.#first = this.sacked = this.lost = this.resent = this.everResent = 0;
    this.#start = start;
  }

  /** Segments that there is room for. */
  get capacity(): number {
    return this.#mask + 1;
  }

  /** Bytes in the network, as far as is known (RFC 6675 §4, pipe). */
  get inFlight(): number {
    return this.outstanding - this.sacked - this.lost + this.resent;
  }

  /** Bytes sent and not acknowledged. */
  get outstanding(): number {
    return this.count === 0 ? 0 : distance(this.end(this.count - 1), this.#start);
  }

  /** Whether every segment was sent once and none is reported or lost. */
  get isClean(): boolean {
    return this.sacked === 0 && this.lost === 0 && this.everResent === 0;
  }

  start(index: number): number {
    return index === 0 ? this.#start : this.end(index - 1);
  }

  end(index: number): number {
    return this.#ring[this.#at(index)] as number;
  }

  sentAt(index: number): number {
    return this.#ring[this.#at(index) + TIME] as number;
  }

  has(index: number, flags: number): boolean {
    return ((this.#ring[this.#at(index) + FLAGS] as number) & flags) !== 0;
  }

  length(index: number): number {
    return distance(this.end(index), this.start(index));
  }

  /** A segment was sent for the first time (RFC 8985 §6.1). @param end the sequence number after it */
  push(end: number, now: number): void {
    if (this.count > this.#mask) this.#grow();
    const at = this.#at(this.count);
    this.#ring[at] = end;
    this.#ring[at + TIME] = now;
    this.#ring[at + FLAGS] = 0;
    this.count++;
  }

  /** A segment that was lost, or is probed for, is under way again. */
  resend(index: number, now: number): void {
    this.#ring[this.#at(index) + TIME] = now;
    this.#set(index, this.has(index, LOST) ? RESENT | EVER_RESENT : EVER_RESENT);
  }

  markLost(index: number): void {
    this.#clear(index, RESENT);
    this.#set(index, LOST);
  }

  /** It is kept, but not sent again (RFC 2018 §5). */
  markSacked(index: number): void {
    this.#clear(index, LOST | RESENT);
    this.#set(index, SACKED);
  }

  /** Nothing is lost after all. */
  forgetLosses(): void {
    for (let index = 0; index < this.count; index++) this.#clear(index, LOST | RESENT);
  }

  /** The peer may have forgotten what it reported (RFC 2018 §8). */
  forgetSacks(): void {
    for (let index = 0; index < this.count; index++) this.#clear(index, SACKED);
  }

  /** Takes off what is acknowledged; a segment of which a part is, stays with its rest. */
  acknowledge(ack: number): void {
    while (this.count > 0 && isAtOrBefore(this.end(0), ack)) {
      this.#clear(0, SACKED | LOST | RESENT | EVER_RESENT);
      this.#start = this.end(0);
      this.#first = (this.#first + 1) & this.#mask;
      this.count--;
    }
    if (!isBefore(this.#start, ack)) return;
    if (this.count > 0) {
      const part = distance(ack, this.#start);
      if (this.has(0, SACKED)) this.sacked -= part;
      if (this.has(0, LOST)) this.lost -= part;
      if (this.has(0, RESENT)) this.resent -= part;
    }
    this.#start = ack;
  }

  /** As {@link acknowledge}, when all is {@link isClean}. @returns when the last of them was sent; −1 when none is covered whole */
  acknowledgeClean(ack: number): number {
    let sentAt = -1;
    while (this.count > 0) {
      const at = this.#first * STRIDE;
      const end = this.#ring[at] as number;
      if (isAfter(end, ack)) break;
      sentAt = this.#ring[at + TIME] as number;
      this.#first = (this.#first + 1) & this.#mask;
      this.count--;
    }
    this.#start = ack;
    return sentAt;
  }

  /**
   * Cuts a segment in two: the path now carries less, or a SACK block ends within.
   * @param end of the first part, within the segment @returns whether it was; not with too many segments under way
   */
  split(index: number, end: number): boolean {
    assert(isAfter(end, this.start(index)) && isBefore(end, this.end(index)), "a segment is cut within");
    if (this.count >= SPLIT_LIMIT) return false;
    if (this.has(index, EVER_RESENT)) this.everResent++;
    this.push(this.end(this.count - 1), 0);
    for (let each = this.count - 1; each > index; each--) {
      const [to, from] = [this.#at(each), this.#at(each - 1)];
      for (let word = 0; word < STRIDE; word++) this.#ring[to + word] = this.#ring[from + word] as number;
    }
    this.#ring[this.#at(index)] = end;
    return true;
  }

  /** The index of the first segment that ends after a sequence number; {@link count} when none does. */
  find(sequence: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAfter(this.end(middle), sequence)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #at(index: number): number {
    return ((this.#first + index) & this.#mask) * STRIDE;
  }

  #set(index: number, flags: number): void {
    const at = this.#at(index) + FLAGS;
    const had = this.#ring[at] as number;
    this.#ring[at] = had | flags;
    this.#count(flags & ~had, this.length(index), 1);
  }

  #clear(index: number, flags: number): void {
    const at = this.#at(index) + FLAGS;
    const had = this.#ring[at] as number;
    if ((had & flags) === 0) return;
    this.#ring[at] = had & ~flags;
    this.#count(flags & had, -this.length(index), -1);
  }

  #count(flags: number, bytes: number, segments: number): void {
    if (flags & SACKED) this.sacked += bytes;
    if (flags & LOST) this.lost += bytes;
    if (flags & RESENT) this.resent += bytes;
    if (flags & EVER_RESENT) this.everResent += segments;
  }

  #grow(): void {
    const capacity = Math.max((this.#mask + 1) * 2, FIRST_CAPACITY);
    const ring = new Array<number>(capacity * STRIDE).fill(0.5); // doubles from the start, so that the engine keeps one kind
    for (let index = 0; index < this.count; index++) {
      const from = this.#at(index);
      for (let word = 0; word < STRIDE; word++) ring[index * STRIDE + word] = this.#ring[from + word] as number;
    }
    this.#ring = ring;
    this.#mask = capacity - 1;
    this.#first = 0;
  }
}
