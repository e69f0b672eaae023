import type { Connection } from "./connection.ts";
import type { Segment } from "./segment.ts";
import { add, distance, isBefore } from "./sequence.ts";

/** Measuring begins once so many bytes have come: short and idle connections need none of it. */
const MEASURED_FROM = 4096;
/** Segments of room beyond what is measured, for gaps that losses leave. */
const SPARE_SEGMENTS = 16;
/** Bytes a nanosecond, 100 Gbit/s: where a path is still faster, a larger window only costs memory. */
const FASTEST = 12.5;

/**
 * Fits the receive buffer to what the user reads in a round trip: dynamic right-sizing, as Linux does it. The buffer, and
 * with it the window that is offered, grows ahead of the sender's slow start and never shrinks. Times are nanoseconds.
 */
export class ReceiveTuning {
  /** What timestamps say of the round trip, whole milliseconds smoothed; infinite before they said something. */
  #echoTime = Number.POSITIVE_INFINITY;
  /** The shortest time in which a whole window came. A sender needs an answer before it sends more: no round trip is longer. */
  #windowTime = Number.POSITIVE_INFINITY;
  /** The longest segment that has come: full ones alone are timed. */
  largestSegment = 0;
  /** Bytes that were read in the last round trip that set a record. */
  space: number;
  /** Where reading stood when this round began, and when that was. */
  #readFrom: number;
  #readSince: number;
  /** Where the window ended when its time began, and when that was. */
  #windowEnd: number;
  #windowSince: number;
  #lastEcho = 0;

  constructor(c: Connection) {
    this.space = Math.max(Math.min(c.rcvWnd, c.settings.initialWindow * c.segmentSize), 1);
    this.#readFrom = readUpTo(c);
    this.#windowEnd = c.rcvAdv;
    this.#readSince = this.#windowSince = c.now;
  }

  /** Data has come in order. */
  arrived(c: Connection, s: Segment): void {
    if (s.dataLength > this.largestSegment) {
      this.largestSegment = s.dataLength;
      this.#allow(c, SPARE_SEGMENTS * s.dataLength);
    }
    const full = s.dataLength >= this.largestSegment;
    if (full && c.timestamps && s.options.timestamps) this.#timeEcho(c, s.options.timestampEcho);
    if (isBefore(c.rcvNxt, this.#windowEnd)) return;
    this.#windowTime = Math.min(this.#windowTime, c.now - this.#windowSince);
    this.#windowEnd = c.rcvAdv;
    this.#windowSince = c.now;
  }

  /** Round trip as the receiver sees it; infinite before it was measured. */
  get roundTrip(): number {
    return Math.min(this.#echoTime, this.#windowTime);
  }

  /** The sender answers an acknowledgment of ours; each is timed once. */
  #timeEcho(c: Connection, echo: number): void {
    if (echo === this.#lastEcho) return;
    this.#lastEcho = echo;
    const sample = Math.max(distance(c.timestampAt(c.now), echo), 1) * 1e6;
    this.#echoTime = Number.isFinite(this.#echoTime) ? 0.875 * this.#echoTime + 0.125 * sample : sample;
  }

  /** The user has read. */
  read(c: Connection): void {
    const { roundTrip } = this;
    if (c.now - this.#readSince < roundTrip) return;
    const upTo = readUpTo(c);
    const read = distance(upTo, this.#readFrom) - c.receiveBuffer.length; // what still waits asks for no more room
    if (read > this.space) {
      const window = 2 * read + SPARE_SEGMENTS * this.largestSegment;
      const faster = 2 * window * ((read - this.space) / this.space); // the sender is still speeding up
      this.#allow(c, Math.ceil(Math.min(window + faster, FASTEST * roundTrip)));
      this.space = read;
    }
    this.#readFrom = upTo;
    this.#readSince = c.now;
  }

  /** Makes room for so many bytes, unless the user has given a size. */
  #allow(c: Connection, bytes: number): void {
    const wanted = Math.min(bytes, c.settings.maximumReceiveBuffer);
    if (c.options.receiveBuffer === undefined && wanted > c.receiveLimit) c.receiveLimit = wanted;
  }
}

const readUpTo = (c: Connection): number => add(c.rcvNxt, -c.receiveBuffer.length);

/** Data has come in order: RCV.NXT has moved. */
export function measureArrival(c: Connection, s: Segment): void {
  if (c.receiveTuning === undefined) {
    if (distance(c.rcvNxt, c.irs) < MEASURED_FROM) return;
    c.receiveTuning = new ReceiveTuning(c);
  }
  c.receiveTuning.arrived(c, s);
}
