import type { Message, StreamConversation } from "./dissector.ts";

/** Octets of one message, or of bytes that belong to none yet: a stream that has more is read no further. */
export const PENDING_LIMIT = 8 * 1024 * 1024;
/** Segments that wait for what stands before them; past it the gap is taken for final, and the stream is read no further. */
export const WAITING_LIMIT = 1_024;
/** Messages of one direction. */
export const MESSAGES_LIMIT = 1_000_000;

/** Bytes of a stream that one frame brought. */
export interface Piece {
  readonly frame: number;
  /** In the stream, from 0. */
  readonly start: number;
  readonly length: number;
  /** Where they begin in the segment's data. */
  readonly at: number;
}

/** A message as it was found in a stream. */
export interface FoundMessage {
  readonly start: number;
  readonly end: number;
  readonly protocol: string;
  readonly about: unknown;
  /** The frame with which it was whole. */
  readonly frame: number;
  /** Octets of messages within it that tell their lengths. */
  readonly sizes?: readonly number[];
}

interface WaitingSegment {
  /** In the stream, from 0. */
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
}

/** What goes one way over a connection, put in order; and the messages in it. */
export class ByteStream {
  readonly pieces: Piece[] = [];
  readonly messages: FoundMessage[] = [];
  /** The raw number of its first byte. */
  base = 0;
  #begun = false;
  #length = 0;
  /** Where the bytes that belong to no message begin. */
  #cut = 0;
  #pending = new Uint8Array(0);
  /** Where they begin and end in it: what was taken from it is not moved out until there is need of the room. */
  #pendingStart = 0;
  #pendingEnd = 0;
  /** In the order of the stream. */
  #waiting: WaitingSegment[] = [];
  #endsAt = -1;
  #given = false;

  /** Says where it begins; known from a SYN, or else from the first data. */
  begin(base: number): void {
    if (this.#begun) return;
    this.#begun = true;
    this.base = base;
  }

  /** Octets that have come in order. */
  get length(): number {
    return this.#length;
  }

  /** Whether it is read no further: too much came without an end, or too much is missing. */
  get abandoned(): boolean {
    return this.#given;
  }

  /** Where a raw sequence number stands in it. */
  offsetOf(sequence: number): number {
    return (sequence - this.base) >>> 0;
  }

  /** Takes the data of a segment. @returns whether there are more bytes in order than before */
  add(sequence: number, bytes: Uint8Array, frame: number): boolean {
    if (this.#given) return false;
    this.begin(sequence);
    const before = this.#length;
    if (this.#place(sequence, bytes, frame)) this.#fill();
    return this.#length > before;
  }

  /** The stream ends before this number. */
  endAt(sequence: number): void {
    this.begin(sequence);
    if (this.#endsAt < 0) this.#endsAt = this.offsetOf(sequence);
  }

  get ended(): boolean {
    return this.#endsAt >= 0 && this.#length >= this.#endsAt;
  }

  #place(sequence: number, bytes: Uint8Array, frame: number): boolean {
    const ahead = (sequence - ((this.base + this.#length) | 0)) | 0;
    if (ahead > 0) {
      this.#wait({ start: this.#length + ahead, bytes: bytes.slice(), frame });
      return false;
    }
    if (-ahead >= bytes.length) return false;
    this.#append(bytes.subarray(-ahead), frame, -ahead);
    return true;
  }

  #wait(segment: WaitingSegment): void {
    const waiting = this.#waiting;
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1] as WaitingSegment).start > segment.start) at--;
    waiting.splice(at, 0, segment);
    if (waiting.length > WAITING_LIMIT) this.#giveUp();
  }

  /** Takes what waited for what has come. */
  #fill(): void {
    let taken = 0;
    for (const { start, bytes, frame } of this.#waiting) {
      if (start > this.#length || this.#given) break;
      taken++;
      const known = this.#length - start;
      if (known < bytes.length) this.#append(bytes.subarray(known), frame, known);
    }
    if (taken > 0) this.#waiting.splice(0, taken);
  }

  #append(bytes: Uint8Array, frame: number, at: number): void {
    const held = this.#pendingEnd - this.#pendingStart;
    if (held + bytes.length > PENDING_LIMIT) {
      this.#giveUp();
      return;
    }
    if (this.#pendingEnd + bytes.length > this.#pending.length) this.#makeRoom(held, held + bytes.length);
    this.#pending.set(bytes, this.#pendingEnd);
    this.#pendingEnd += bytes.length;
    this.pieces.push({ frame, start: this.#length, length: bytes.length, at });
    this.#length += bytes.length;
  }

  /** Moves what is held to the beginning, into twice the room where it would soon have to be moved again. */
  #makeRoom(held: number, needed: number): void {
    const roomy = 2 * needed <= this.#pending.length;
    const room = roomy ? this.#pending : new Uint8Array(2 * needed);
    room.set(this.pending);
    this.#pending = room;
    this.#pendingStart = 0;
    this.#pendingEnd = held;
  }

  #giveUp(): void {
    this.#given = true;
    this.#waiting = [];
    this.#pending = new Uint8Array(0);
    this.#pendingStart = 0;
    this.#pendingEnd = 0;
  }

  /** The bytes that belong to no message yet: lent. */
  get pending(): Uint8Array {
    return this.#pending.subarray(this.#pendingStart, this.#pendingEnd);
  }

  /** Finds the messages that are whole now. @returns their protocols */
  cut(conversation: StreamConversation, protocol: string, direction: 0 | 1, frame: number, time: number): string[] {
    const found: string[] = [];
    while (this.#pendingStart < this.#pendingEnd && !this.#given) {
      let message: Message | undefined;
      try {
        message = conversation.cut(direction, this.pending, this.ended, frame, time);
      } catch {
        // No packet may end the first pass: a stream on which a dissector fails is read no further.
        this.#giveUp();
      }
      if (message === undefined) break;
      this.#take(message, message.protocol ?? protocol, frame);
      found.push(message.protocol ?? protocol, ...(message.within ?? []));
    }
    return found;
  }

  #take({ length, about, sizes }: Message, protocol: string, frame: number): void {
    const taken = Math.max(1, Math.min(length, this.#pendingEnd - this.#pendingStart));
    const end = this.#cut + taken;
    this.messages.push({ start: this.#cut, end, protocol, about, frame, ...(sizes && { sizes }) });
    this.#cut = end;
    this.#pendingStart += taken;
    if (this.messages.length >= MESSAGES_LIMIT) this.#giveUp();
  }

  /** The messages that were whole with a frame, in order. */
  endingIn(frame: number): FoundMessage[] {
    const found: FoundMessage[] = [];
    for (let index = firstNotBelow(this.messages, (message) => message.frame, frame); ; index++) {
      const message = this.messages[index];
      if (message === undefined || message.frame !== frame) return found;
      found.push(message);
    }
  }

  /** The messages that a range of the stream has a part of. */
  within(start: number, end: number): FoundMessage[] {
    const found: FoundMessage[] = [];
    for (let index = firstNotBelow(this.messages, (message) => message.end, start + 1); ; index++) {
      const message = this.messages[index];
      if (message === undefined || message.start >= end) return found;
      found.push(message);
    }
  }

  /** The pieces that a range is made of. */
  piecesOf(start: number, end: number): Piece[] {
    const found: Piece[] = [];
    for (let index = firstNotBelow(this.pieces, (piece) => piece.start + piece.length, start + 1); ; index++) {
      const piece = this.pieces[index];
      if (piece === undefined || piece.start >= end) return found;
      found.push(piece);
    }
  }

  /** Where the bytes begin that no message was found in. */
  get rest(): number {
    return this.#cut;
  }
}

/** The first index whose key is not below a number; keys do not fall. */
export function firstNotBelow<T>(items: readonly T[], key: (item: T) => number, number: number): number {
  let low = 0;
  for (let high = items.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (key(items[middle] as T) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
