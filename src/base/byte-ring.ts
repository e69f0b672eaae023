import { assert } from "./assert.ts";

const NOTHING = new Uint8Array(0);
const FIRST_CAPACITY = 256;
/** Buffers of the first capacity that wait to be used again: a short connection needs no more, and making one is dear. */
const SPARE_LIMIT = 1024;
const spare: Uint8Array<ArrayBuffer>[] = [];

/**
 * A queue of bytes in one buffer that is used round and round. It grows by doubling as it fills, so that an idle
 * connection holds none; the owner keeps the limit.
 */
export class ByteRing {
  #bytes = NOTHING;
  #head = 0;
  #length = 0;

  /** Bytes in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that are allocated: 0 or a power of two. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Appends `from[start..end)`. */
  push(from: Uint8Array, start: number, end: number): void {
    this.place(this.#length, from, start, end);
    this.#length += end - start;
  }

  /** Writes `from[start..end)` at an offset from the head, past the end too, without changing the length. */
  place(offset: number, from: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (count === 0) return;
    if (offset + count > this.#bytes.length) this.#grow(offset + count);
    const at = (this.#head + offset) & (this.#bytes.length - 1);
    const first = Math.min(count, this.#bytes.length - at);
    this.#bytes.set(from.subarray(start, start + first), at);
    if (first < count) this.#bytes.set(from.subarray(start + first, end), 0);
  }

  /** Counts bytes that were placed past the end as part of the queue. */
  extend(count: number): void {
    assert(this.#length + count <= this.#bytes.length, "bytes are placed before they are counted");
    this.#length += count;
  }

  /** Copies `count` bytes from an offset on, without taking them out. */
  peek(offset: number, count: number, into: Uint8Array, at: number): void {
    assert(offset + count <= this.#length, "only what is in the ring can be read");
    if (count === 0) return;
    const from = (this.#head + offset) & (this.#bytes.length - 1);
    const first = Math.min(count, this.#bytes.length - from);
    into.set(this.#bytes.subarray(from, from + first), at);
    if (first < count) into.set(this.#bytes.subarray(0, count - first), at + first);
  }

  /** Takes bytes off the head. */
  drop(count: number): void {
    assert(count <= this.#length, "only what is in the ring can be taken");
    this.#length -= count;
    this.#head = (this.#head + count) & Math.max(this.#bytes.length - 1, 0);
  }

  /** Empties the ring and gives its memory back. */
  clear(): void {
    if (this.#bytes.length === FIRST_CAPACITY && spare.length < SPARE_LIMIT) spare.push(this.#bytes);
    this.#bytes = NOTHING;
    this.#head = 0;
    this.#length = 0;
  }

  #grow(needed: number): void {
    let capacity = Math.max(this.#bytes.length, FIRST_CAPACITY);
    while (capacity < needed) capacity *= 2;
    const bytes = (capacity === FIRST_CAPACITY ? spare.pop() : undefined) ?? new Uint8Array(capacity);
    // Past the counted bytes may lie placed ones: all of the old buffer moves.
    bytes.set(this.#bytes.subarray(this.#head), 0);
    bytes.set(this.#bytes.subarray(0, this.#head), this.#bytes.length - this.#head);
    this.#bytes = bytes;
    this.#head = 0;
  }
}
