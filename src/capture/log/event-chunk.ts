import type { TapDirection } from "../../link/tap.ts";
import { PIECE } from "./byte-store.ts";

/** Events of a chunk: few enough that the largest frames of one (64 KiB each) are half of what a log keeps. */
export const EVENTS_PER_CHUNK = 2048;

/** Which way a frame went at its Nic, or that it died there. */
export const IN = 0;
export const OUT = 1;
export const DROP = 2;
export const DIRECTIONS: readonly TapDirection[] = ["in", "out", "drop"];

export const CORRUPTED = 4;
export const FCS_ERROR = 8;
/** The Nic had it to send: always with OUT, and with a DROP of what was on its way out. */
export const OUTWARD = 16;
/** The link header was made for it: it died before it had one. */
export const HEADER_MADE = 32;

/*
 * A row is 32 octets, half a line of the cache, which a capture writes at once: a double (time), then six words: packet and
 * position, as they differ from the chunk's; length with the kind above it; Nic with the reason above it; and how far the ids of
 * cause and original lie before the packet's own.
 */
export const DOUBLES = 4;
export const WORDS = 8;
export const AT = 0;
export const PACKET = 2;
export const POSITION = 3;
export const LENGTH_KIND = 4;
export const NIC_REASON = 5;
export const CAUSE = 6;
export const ORIGINAL = 7;
export const KIND_SHIFT = 18;
export const LENGTH_MASK = 2 ** KIND_SHIFT - 1;
export const NIC_MASK = 0xffff;
export const REASON_SHIFT = 16;

/** Above all positions, counted from a chunk's piece. */
const HIGHEST = 2 ** 31 - 1;
/** Octets of the rows of a chunk. */
export const CHUNK_ROWS = EVENTS_PER_CHUNK * DOUBLES * 8;

/** Rows of events in typed arrays: no object per event. A row is known by its place, from 0. */
export class EventChunk {
  readonly doubles = new Float64Array(EVENTS_PER_CHUNK * DOUBLES);
  readonly words = new Uint32Array(this.doubles.buffer);
  count = 0;
  /** What its packets' ids are counted from, and the piece of the byte store that positions are: none lies before it. */
  packets = 0;
  piece = 0;
  /** The lowest position, counted from there, that any of its events refers to. */
  nearest = HIGHEST;
  /** By row, ids that are too far from the others for their column. */
  readonly far = new Map<number, number>();
  /** How many of its events are of frames that left, and of frames that were lost. */
  outs = 0;
  drops = 0;

  /** Virtual nanoseconds. */
  at(row: number): number {
    return this.doubles[row * DOUBLES + AT] as number;
  }

  packet(row: number): number {
    const id = this.packets + ((this.words[row * WORDS + PACKET] as number) | 0);
    return this.far.size === 0 ? id : (this.far.get(row) ?? id);
  }

  /** Where the frame lies in the byte store. */
  position(row: number): number {
    return this.piece * PIECE + (this.words[row * WORDS + POSITION] as number);
  }

  /** Octets of the frame. */
  length(row: number): number {
    return (this.words[row * WORDS + LENGTH_KIND] as number) & LENGTH_MASK;
  }

  /** {@link IN}, {@link OUT} or {@link DROP}. */
  direction(row: number): number {
    return ((this.words[row * WORDS + LENGTH_KIND] as number) >>> KIND_SHIFT) & 3;
  }

  /** The direction and the flags above it. */
  kind(row: number): number {
    return (this.words[row * WORDS + LENGTH_KIND] as number) >>> KIND_SHIFT;
  }

  nic(row: number): number {
    return (this.words[row * WORDS + NIC_REASON] as number) & NIC_MASK;
  }

  /** The number of the drop reason. */
  reason(row: number): number {
    return (this.words[row * WORDS + NIC_REASON] as number) >>> REASON_SHIFT;
  }

  /** The id of the packet that caused this one; 0 for none. */
  cause(row: number): number {
    const before = this.words[row * WORDS + CAUSE] as number;
    return before === 0 ? 0 : this.packet(row) - before;
  }

  /** The id of the packet that this is a copy or a fragment of; 0 for none. */
  original(row: number): number {
    const before = this.words[row * WORDS + ORIGINAL] as number;
    return before === 0 ? 0 : this.packet(row) - before;
  }

  /** The lowest position that any of its events refers to. */
  get lowest(): number {
    return this.piece * PIECE + this.nearest;
  }

  /** Makes it as new. @param packet the id of its first packet @param piece the first that events may refer to */
  begin(packet: number, piece: number): void {
    this.count = this.outs = this.drops = 0;
    this.packets = packet;
    this.piece = piece;
    this.nearest = HIGHEST;
    if (this.far.size > 0) this.far.clear();
  }
}
