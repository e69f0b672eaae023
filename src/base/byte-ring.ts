import { assert } from "./assert.ts";
import { copyAndSum, swap } from "./checksum.ts";
import { giveSlab, type Slab, takeSlab } from "./slab.ts";

const NOTHING = new Uint8Array(0);
const FIRST_CAPACITY = 256;
/** Buffers of the first capacity that wait to be used again: a short connection needs no more, and making one is dear. */
const SPARE_LIMIT = 1024;
const spare: Uint8Array[] = [];
/** From this capacity on a ring lies in a slab, from which packets are filled and summed at once: those of bulk transfer. */
const SLAB_CAPACITY = 64 * 1024;

/**
 * A queue of bytes in one buffer that is used round and round. It grows by doubling as it fills, so that an idle
 * connection holds none; the owner keeps the limit.
 */
export class ByteRing {
  #bytes: Uint8Array = NOTHING;
  /** Where the ring's bytes begin. */
  #base = 0;
  #capacity = 0;
  #slab: Slab | undefined;
  #head = 0;
  #length = 0;

  /** Bytes in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that are allocated: 0 or a power of two. */
  get capacity(): number {
    return this.#capacity;
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
    if (offset + count > this.#capacity) this.#grow(offset + count);
    const at = (this.#head + offset) & (this.#capacity - 1);
    const first = Math.min(count, this.#capacity - at);
    copy(from, start, start + first, this.#bytes, this.#base + at);
    if (first < count) copy(from, start + first, end, this.#bytes, this.#base);
  }

  /** Counts bytes that were placed past the end as part of the queue. */
  extend(count: number): void {
    assert(this.#length + count <= this.#capacity, "bytes are placed before they are counted");
    this.#length += count;
  }

  /** Copies `count` bytes from an offset on, without taking them out. */
  peek(offset: number, count: number, into: Uint8Array, at: number): void {
    assert(offset + count <= this.#length, "only what is in the ring can be read");
    if (count === 0) return;
    const from = (this.#head + offset) & (this.#capacity - 1);
    const first = Math.min(count, this.#capacity - from);
    copy(this.#bytes, this.#base + from, this.#base + from + first, into, at);
    if (first < count) copy(this.#bytes, this.#base, this.#base + count - first, into, at + first);
  }

  /**
   * The same, and sums what it copies.
   * @param view of the memory of `into` @returns the sum, folded to 16 bits, the first byte being even
   */
  peekAndSum(offset: number, count: number, into: Uint8Array, view: DataView, at: number): number {
    assert(offset + count <= this.#length, "only what is in the ring can be read");
    if (count === 0) return 0;
    const from = (this.#head + offset) & (this.#capacity - 1);
    const first = Math.min(count, this.#capacity - from);
    const sum = copyAndSum(this.#bytes, this.#base + from, this.#base + from + first, into, view, at);
    if (first === count) return sum;
    const rest = copyAndSum(this.#bytes, this.#base, this.#base + count - first, into, view, at + first);
    return sum + (first % 2 === 0 ? rest : swap(rest));
  }

  /** Takes bytes off the head. */
  drop(count: number): void {
    assert(count <= this.#length, "only what is in the ring can be taken");
    this.#length -= count;
    this.#head = (this.#head + count) & Math.max(this.#capacity - 1, 0);
  }

  /** Empties the ring and gives its memory back. */
  clear(): void {
    this.#giveBack();
    this.#bytes = NOTHING;
    this.#base = this.#capacity = this.#head = this.#length = 0;
  }

  #giveBack(): void {
    if (this.#slab !== undefined) giveSlab(this.#slab);
    else if (this.#capacity === FIRST_CAPACITY && spare.length < SPARE_LIMIT) spare.push(this.#bytes);
    this.#slab = undefined;
  }

  #grow(needed: number): void {
    let capacity = Math.max(this.#capacity, FIRST_CAPACITY);
    while (capacity < needed) capacity *= 2;
    const slab = capacity < SLAB_CAPACITY ? undefined : takeSlab(capacity);
    const bytes = slab?.bytes ?? ((capacity === FIRST_CAPACITY ? spare.pop() : undefined) || new Uint8Array(capacity));
    const base = slab?.start ?? 0;
    if (this.#capacity > 0) {
      // Past the counted bytes may lie placed ones: all of the old buffer moves.
      const [start, end] = [this.#base + this.#head, this.#base + this.#capacity];
      bytes.set(this.#bytes.subarray(start, end), base);
      bytes.set(this.#bytes.subarray(this.#base, start), base + end - start);
    }
    this.#giveBack();
    this.#slab = slab;
    this.#bytes = bytes;
    this.#base = base;
    this.#capacity = capacity;
    this.#head = 0;
  }
}

/** So few bytes are copied one by one sooner than a view of them is made. */
const SMALL = 64;

/** Within one memory, and for the whole of another, no view need be made. */
function copy(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): void {
  if (from === into) into.copyWithin(at, start, end);
  else if (end - start === from.length) into.set(from, at);
  else if (end - start <= SMALL) for (let index = start; index < end; index++) into[at++] = from[index] as number;
  else into.set(from.subarray(start, end), at);
}
