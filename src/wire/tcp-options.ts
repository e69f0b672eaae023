/** The TCP options that we read and write (RFC 9293 §3.2, RFC 7323, RFC 2018). */

const END_OF_LIST = 0;
const NO_OPERATION = 1;
const MAXIMUM_SEGMENT_SIZE = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
const TIMESTAMPS = 8;

/** A shift above this is read as this (RFC 7323 §2.3). */
export const WINDOW_SCALE_MAX = 14;
/** Blocks that fit the option space beside nothing else. */
export const SACK_BLOCKS_MAX = 4;
/** Bytes that the timestamps option takes in every segment, its two NOPs included (RFC 7323, appendix A). */
export const TIMESTAMPS_LENGTH = 12;

/** The options of a segment. One object is filled again and again. */
export class TcpOptions {
  /** 0 when the option is not there. */
  maximumSegmentSize = 0;
  /** −1 when the option is not there. */
  windowScale = -1;
  sackPermitted = false;
  timestamps = false;
  timestampValue = 0;
  timestampEcho = 0;
  sackCount = 0;
  /** Left and right edges in turn. */
  readonly sackEdges = new Int32Array(SACK_BLOCKS_MAX * 2);

  /**
   * Reads the options between the fixed header and the data, of any segment (MUST-5). An option whose length is wrong
   * ends the reading, and what came before it counts.
   * @param start first byte after the fixed header @param end first byte of data
   */
  read(view: DataView, start: number, end: number): void {
    this.maximumSegmentSize = 0;
    this.windowScale = -1;
    this.sackPermitted = false;
    this.timestamps = false;
    this.sackCount = 0;
    // What nearly every segment carries: NOP, NOP, timestamps (RFC 7323, appendix A).
    if (end - start === TIMESTAMPS_LENGTH && view.getInt32(start) === 0x0101080a) {
      this.#readTimestamps(view, start + 4);
      return;
    }
    for (let at = start; at < end; ) {
      const kind = view.getUint8(at);
      if (kind === END_OF_LIST) return; // MUST-4
      if (kind === NO_OPERATION) {
        at++; // and what follows stands at any byte (MUST-64)
        continue;
      }
      if (at + 1 >= end) return;
      const length = view.getUint8(at + 1);
      if (length < 2 || at + length > end) return; // RFC 9293 §3.2 (MUST-7)
      this.#readOne(view, at, kind, length);
      at += length; // also of an option that we do not know (MUST-6, MUST-68)
    }
  }

  #readOne(view: DataView, at: number, kind: number, length: number): void {
    if (kind === MAXIMUM_SEGMENT_SIZE && length === 4)
      this.maximumSegmentSize = view.getUint16(at + 2); // MUST-14
    else if (kind === WINDOW_SCALE && length === 3) {
      this.windowScale = Math.min(view.getUint8(at + 2), WINDOW_SCALE_MAX); // RFC 7323 §2.3
    } else if (kind === SACK_PERMITTED && length === 2) this.sackPermitted = true;
    else if (kind === TIMESTAMPS && length === 10) this.#readTimestamps(view, at + 2);
    else if (kind === SACK && length % 8 === 2) {
      this.sackCount = Math.min((length - 2) / 8, SACK_BLOCKS_MAX);
      for (let edge = 0; edge < this.sackCount * 2; edge++) {
        this.sackEdges[edge] = view.getInt32(at + 2 + edge * 4);
      }
    }
  }

  #readTimestamps(view: DataView, at: number): void {
    this.timestamps = true;
    this.timestampValue = view.getInt32(at);
    this.timestampEcho = view.getInt32(at + 4);
  }
}

/** What a SYN offers; each is left out when undefined or false. */
export interface SynOptions {
  readonly maximumSegmentSize: number;
  readonly windowScale: number | undefined;
  readonly sackPermitted: boolean;
  readonly timestamps: boolean;
}

/** Bytes the options of a SYN take. */
export function synOptionsLength(options: SynOptions): number {
  const scale = options.windowScale === undefined ? 0 : 4;
  return 4 + scale + (options.timestamps ? TIMESTAMPS_LENGTH : options.sackPermitted ? 4 : 0);
}

/**
 * Writes the options of a SYN in the order in which Linux does; no-operations fill up whole words, so that nothing is left
 * that had to be zero (RFC 9293 §3.1, MUST-69). @returns the offset after them
 */
export function writeSynOptions(
  view: DataView,
  start: number,
  options: SynOptions,
  value: number,
  echo: number,
): number {
  let at = start;
  view.setUint32(at, (MAXIMUM_SEGMENT_SIZE << 24) | (4 << 16) | options.maximumSegmentSize);
  at += 4;
  if (options.timestamps) {
    const head = options.sackPermitted ? (SACK_PERMITTED << 8) | 2 : (NO_OPERATION << 8) | NO_OPERATION;
    view.setUint32(at, (head << 16) | (TIMESTAMPS << 8) | 10);
    view.setInt32(at + 4, value);
    view.setInt32(at + 8, echo);
    at += TIMESTAMPS_LENGTH;
  } else if (options.sackPermitted) {
    view.setUint32(at, 0x01010000 | (SACK_PERMITTED << 8) | 2);
    at += 4;
  }
  if (options.windowScale !== undefined) {
    view.setUint32(at, (NO_OPERATION << 24) | (WINDOW_SCALE << 16) | (3 << 8) | options.windowScale);
    at += 4;
  }
  return at;
}

/** Writes the timestamps option as every segment carries it (RFC 7323 §3.2, appendix A). @returns the offset after it */
export function writeTimestamps(view: DataView, at: number, value: number, echo: number): number {
  view.setInt32(at, 0x0101080a);
  view.setInt32(at + 4, value);
  view.setInt32(at + 8, echo);
  return at + TIMESTAMPS_LENGTH;
}

/** Bytes that a SACK option of so many blocks takes, its two NOPs included. */
export const sackLength = (blocks: number): number => (blocks === 0 ? 0 : 4 + blocks * 8);

/** Writes a SACK option (RFC 2018 §3). @param edges left and right edges in turn @returns the offset after it */
export function writeSack(view: DataView, at: number, edges: Int32Array, blocks: number): number {
  view.setUint32(at, 0x01010000 | (SACK << 8) | (2 + blocks * 8));
  for (let edge = 0; edge < blocks * 2; edge++) view.setInt32(at + 4 + edge * 4, edges[edge] ?? 0);
  return at + sackLength(blocks);
}
