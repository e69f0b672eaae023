import { assert } from "../../base/assert.ts";
import type { Nic } from "../../link/nic.ts";
import type { Tap, TapDirection } from "../../link/tap.ts";
import type { DropReason } from "../../packet/drop-reason.ts";
import type { Packet } from "../../packet/packet.ts";
import type { Instant } from "../../time/instant.ts";
import { type FrameRange, frameOf } from "../frame.ts";
import { ByteStore, type Located, PIECE } from "./byte-store.ts";
import {
  AT,
  CAUSE,
  CHUNK_ROWS,
  CORRUPTED,
  DIRECTIONS,
  DOUBLES,
  DROP,
  EVENTS_PER_CHUNK,
  EventChunk,
  FCS_ERROR,
  HEADER_MADE,
  IN,
  KIND_SHIFT,
  LENGTH_KIND,
  NIC_REASON,
  ORIGINAL,
  OUT,
  OUTWARD,
  PACKET,
  POSITION,
  REASON_SHIFT,
  WORDS,
} from "./event-chunk.ts";
import { LastSeen } from "./last-seen.ts";

/** Events that are kept; then the oldest go. A frame that crosses a cable is two of them: a million crossings fit. */
export const EVENT_LIMIT = 2_500_000;
/** Octets that are kept, rows and frames; then the oldest go. */
export const BYTE_LIMIT = 256 * 2 ** 20;
/** The part of all bytes that is looked back through for a frame that is kept already. */
const REACH = 1 / 16;
/** Pieces that are looked back through at most, so that positions fit their column. */
const REACH_LIMIT = 1024;
/** Nics whose frames are kept; those of others are not. */
const NIC_LIMIT = 2 ** 16;
/** From here on a number no longer fits its column. */
const FAR = 2 ** 32;
const NOTHING = new Uint8Array(0);
/** What becomes of frames on every hub and switch, which send them to whom they are not for: no losses. Their numbers come first. */
export const FLOODED: readonly DropReason[] = ["not-for-us", "same-port"];

export interface EventLogOptions {
  /** {@link EVENT_LIMIT} unless told, and at least two chunks. */
  readonly eventLimit?: number;
  /** {@link BYTE_LIMIT} unless told; the frames of the newest chunk are kept whatever it says. */
  readonly byteLimit?: number;
}

/** One event, as a record for those who look at few. */
export interface LoggedEvent {
  /** Its number, from 0. */
  readonly event: number;
  /** Virtual nanoseconds. */
  readonly at: number;
  /** Index of the Nic in its network. */
  readonly nic: number;
  readonly direction: TapDirection;
  /** The packet's id, which survives forwarding; those of its cause and of what it is a copy or fragment of, 0 for none. */
  readonly packet: number;
  readonly cause: number;
  readonly original: number;
  /** Only of a drop. */
  readonly reason?: DropReason;
  readonly corrupted: boolean;
  readonly fcsError: boolean;
  /** The Nic sent it, or would have. */
  readonly outward: boolean;
  /** Octets of the frame, from its Ethernet header; 0 for what died before it was one. */
  readonly length: number;
}

/**
 * All that the Nics of a network have seen, as it was: what, where, when, which packet, because of which, and why it died.
 * Nothing is dissected or looked up when it is captured. Frames are copied; one that goes on unchanged is kept once.
 *
 * A ring: at its limits the oldest events go, a chunk at a time. Numbers of events stay what they are.
 */
export class EventLog implements Tap {
  readonly eventLimit: number;
  readonly byteLimit: number;
  readonly #store = new ByteStore(() => this.#letGo());
  readonly #seen: LastSeen;
  readonly #reasons: DropReason[] = [...FLOODED];
  readonly #reasonNumbers = new Map<DropReason, number>(FLOODED.map((reason, number) => [reason, number]));
  readonly #frame: FrameRange = { before: NOTHING, start: 0, outward: false };
  #chunks: EventChunk[] = [];
  readonly #free: EventChunk[] = [];
  #chunk = new EventChunk();
  /** The number of the first chunk that is kept. */
  #firstChunk = 0;

  constructor(options: EventLogOptions = {}) {
    this.eventLimit = Math.max(2 * EVENTS_PER_CHUNK, options.eventLimit ?? EVENT_LIMIT);
    this.byteLimit = options.byteLimit ?? BYTE_LIMIT;
    this.#seen = new LastSeen(this.#store, Math.min(REACH_LIMIT, Math.floor((this.byteLimit * REACH) / PIECE)));
    this.#chunk.begin(0, this.#seen.firstPiece);
    this.#chunks.push(this.#chunk);
  }

  /** The number of the oldest event that is kept. */
  get first(): number {
    return this.#firstChunk * EVENTS_PER_CHUNK;
  }

  /** The number that the next event will have. */
  get next(): number {
    return (this.#firstChunk + this.#chunks.length - 1) * EVENTS_PER_CHUNK + this.#chunk.count;
  }

  /** Octets that are kept, rows and frames. */
  get bytes(): number {
    return this.#chunks.length * CHUNK_ROWS + this.#store.size;
  }

  /** Virtual time of the oldest event that is kept; 0 while none has gone. */
  get earliest(): number {
    return this.#firstChunk === 0 ? 0 : (this.#chunks[0] as EventChunk).at(0);
  }

  saw(now: Instant, nic: Nic, direction: TapDirection, packet: Packet, reason?: DropReason): void {
    const { index } = nic;
    if (index >= NIC_LIMIT) return;
    const { id, cause, original } = packet;
    let chunk = this.#chunk;
    if (chunk.count === EVENTS_PER_CHUNK) chunk = this.#startChunk(id);
    const row = chunk.count++;
    const { doubles, words } = chunk;
    const distance = id - chunk.packets;
    doubles[row * DOUBLES + AT] = now;
    words[row * WORDS + PACKET] = distance;
    if (distance !== (distance | 0)) chunk.far.set(row, id);
    words[row * WORDS + NIC_REASON] = index;
    words[row * WORDS + CAUSE] = cause === 0 || id - cause >= FAR ? 0 : id - cause;
    words[row * WORDS + ORIGINAL] = original === 0 || id - original >= FAR ? 0 : id - original;
    if (direction === "drop") {
      this.#sawDrop(chunk, row, nic, packet, reason);
      return;
    }
    const length = packet.end - packet.start;
    let kind = IN;
    let isKept: boolean;
    if (direction === "in") {
      isKept = this.#seen.arrived(packet, index);
    } else {
      chunk.outs++;
      kind = OUT | OUTWARD;
      isKept = this.#seen.leaves(packet, index, nic.isRelay);
    }
    if (packet.corrupted) kind |= marks(packet);
    if (!isKept) {
      this.#store.put(packet);
      this.#seen.stored(packet);
    }
    const position = placeIn(chunk, packet.seenPiece, packet.seenAt);
    words[row * WORDS + POSITION] = position;
    words[row * WORDS + LENGTH_KIND] = length | (kind << KIND_SHIFT);
    if (position < chunk.nearest) chunk.nearest = position;
  }

  /** The time of an event in virtual nanoseconds. */
  at(event: number): number {
    return this.chunkOf(event).at(event % EVENTS_PER_CHUNK);
  }

  packet(event: number): number {
    return this.chunkOf(event).packet(event % EVENTS_PER_CHUNK);
  }

  nic(event: number): number {
    return this.chunkOf(event).nic(event % EVENTS_PER_CHUNK);
  }

  /** `IN`, `OUT` or `DROP`. */
  direction(event: number): number {
    return this.chunkOf(event).direction(event % EVENTS_PER_CHUNK);
  }

  /** Octets of the frame; 0 for what died before it was one. */
  length(event: number): number {
    return this.chunkOf(event).length(event % EVENTS_PER_CHUNK);
  }

  /** The frame from its Ethernet header. Its bytes are only lent, until the network runs on: what is kept must be copied. */
  frame(event: number): Uint8Array {
    const chunk = this.chunkOf(event);
    const length = chunk.length(event % EVENTS_PER_CHUNK);
    return length === 0 ? NOTHING : this.#store.get(chunk.position(event % EVENTS_PER_CHUNK), length);
  }

  /** Tells where the bytes of a frame are, without making an object; as {@link frame}, they are only lent. */
  read(event: number, into: Located): void {
    const chunk = this.chunkOf(event);
    const length = chunk.length(event % EVENTS_PER_CHUNK);
    this.#store.locate(length === 0 ? -1 : chunk.position(event % EVENTS_PER_CHUNK), length, into);
  }

  /** Why a packet died; only of a drop. */
  reason(event: number): DropReason {
    return this.#reasons[this.chunkOf(event).reason(event % EVENTS_PER_CHUNK)] ?? "nic-down";
  }

  event(event: number): LoggedEvent {
    const chunk = this.chunkOf(event);
    const row = event % EVENTS_PER_CHUNK;
    const kind = chunk.kind(row);
    const direction = DIRECTIONS[kind & 3] as TapDirection;
    const reason = direction === "drop" ? this.#reasons[chunk.reason(row)] : undefined;
    return {
      event,
      at: chunk.at(row),
      nic: chunk.nic(row),
      direction,
      packet: chunk.packet(row),
      cause: chunk.cause(row),
      original: chunk.original(row),
      ...(reason !== undefined && { reason }),
      corrupted: (kind & CORRUPTED) !== 0,
      fcsError: (kind & FCS_ERROR) !== 0,
      outward: (kind & OUTWARD) !== 0,
      length: chunk.length(row),
    };
  }

  /** Whether an event is still kept. */
  has(event: number): boolean {
    return event >= this.first && event < this.next;
  }

  /** The rows that hold an event, for those who go through many; it stands there at `event % EVENTS_PER_CHUNK`. */
  chunkOf(event: number): EventChunk {
    const chunk = this.#chunks[Math.floor(event / EVENTS_PER_CHUNK) - this.#firstChunk];
    assert(
      chunk !== undefined && event % EVENTS_PER_CHUNK < chunk.count,
      "an event is asked for only while it is kept",
    );
    return chunk;
  }

  /** The first event at or after a time; `next` for none. */
  firstAt(time: number): number {
    const chunks = this.#chunks;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = chunks[middle] as EventChunk;
      if (chunk.at(chunk.count - 1) < time) low = middle + 1;
      else high = middle;
    }
    const chunk = chunks[low] as EventChunk;
    let from = 0;
    let to = chunk.count;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (chunk.at(middle) < time) from = middle + 1;
      else to = middle;
    }
    return (this.#firstChunk + low) * EVENTS_PER_CHUNK + from;
  }

  /**
   * Events of a packet, its copies and fragments, and of what it is one of, in order of time.
   * @param limit at most so many
   */
  path(packet: number, original: number, limit: number): number[] {
    const root = original || packet;
    const found: number[] = [];
    this.#chunks.forEach((chunk, index) => {
      const { count } = chunk;
      for (let row = 0; row < count && found.length < limit; row++) {
        if ((chunk.original(row) || chunk.packet(row)) !== root) continue;
        found.push((this.#firstChunk + index) * EVENTS_PER_CHUNK + row);
      }
    });
    return found;
  }

  /** The last event of a packet before another event: where it was when it caused that one. −1 for none. */
  lastBefore(packet: number, event: number): number {
    for (let each = Math.min(event, this.next) - 1; each >= this.first; ) {
      const chunk = this.chunkOf(each);
      const base = each - (each % EVENTS_PER_CHUNK);
      for (let row = each - base; row >= 0; row--) if (chunk.packet(row) === packet) return base + row;
      each = base - 1;
    }
    return -1;
  }

  /** Whether a row is of a frame that was lost: one that died, and was not only for somebody else. */
  static isLoss(chunk: EventChunk, row: number): boolean {
    return chunk.direction(row) === DROP && chunk.reason(row) >= FLOODED.length;
  }

  #sawDrop(chunk: EventChunk, row: number, nic: Nic, packet: Packet, reason: DropReason | undefined): void {
    if (!FLOODED.includes(reason ?? "nic-down")) chunk.drops++;
    let kind = DROP | marks(packet);
    let position = 0;
    let length = 0;
    if (this.#seen.diedAt(packet, nic.index)) {
      position = placeIn(chunk, packet.seenPiece, packet.seenAt);
      length = packet.seenLength;
      if (this.#seen.wasOutward) kind |= OUTWARD;
    } else if (frameOf(packet, nic, this.#frame)) {
      const { before, start, outward } = this.#frame;
      if (outward) kind |= OUTWARD;
      if (before.length > 0) kind |= HEADER_MADE;
      this.#store.putBoth(before, packet.bytes, start, packet.end);
      position = placeIn(chunk, this.#store.piece, this.#store.last);
      length = before.length + packet.end - start;
    }
    const { words } = chunk;
    words[row * WORDS + POSITION] = position;
    words[row * WORDS + LENGTH_KIND] = length | (kind << KIND_SHIFT);
    words[row * WORDS + NIC_REASON] = nic.index | (this.#numberOf(reason ?? "nic-down") << REASON_SHIFT);
    if (length > 0 && position < chunk.nearest) chunk.nearest = position;
  }

  /** @param packet the id of its first packet */
  #startChunk(packet: number): EventChunk {
    this.#chunk = this.#free.pop() ?? new EventChunk();
    this.#chunk.begin(packet, this.#seen.firstPiece);
    this.#chunks.push(this.#chunk);
    this.#letGo();
    return this.#chunk;
  }

  /** Gives the oldest chunks back, until there is room for another chunk of events and another piece of bytes. */
  #letGo(): void {
    const { eventLimit, byteLimit } = this;
    let kept = this.next - this.first + EVENTS_PER_CHUNK;
    while (this.#chunks.length > 1 && (kept > eventLimit || this.bytes + PIECE > byteLimit)) {
      this.#free.push(this.#chunks.shift() as EventChunk);
      this.#firstChunk++;
      kept -= EVENTS_PER_CHUNK;
      this.#store.forget(this.#lowest());
    }
  }

  /** The lowest position that any chunk refers to. */
  #lowest(): number {
    let lowest = this.#store.end;
    for (const chunk of this.#chunks) {
      if (chunk.piece * PIECE > lowest) break;
      lowest = Math.min(lowest, chunk.lowest);
    }
    return lowest;
  }

  #numberOf(reason: DropReason): number {
    const known = this.#reasonNumbers.get(reason);
    if (known !== undefined) return known;
    this.#reasonNumbers.set(reason, this.#reasons.length);
    return this.#reasons.push(reason) - 1;
  }
}

/** A place in the byte store as a row has it: some gigabyte at most from the chunk's first piece. */
const placeIn = (chunk: EventChunk, piece: number, at: number): number => ((piece - chunk.piece) * PIECE + at) | 0;

const marks = (packet: Packet): number => (packet.corrupted ? CORRUPTED : 0) | (packet.fcsError ? FCS_ERROR : 0);
