import { ByteRing } from "../../base/byte-ring.ts";
import { distance, isAfter, isAtOrAfter, isAtOrBefore, isBefore, later } from "./sequence.ts";

/** More separate pieces of out-of-order data than this are not kept; the sender sends them again. What joins one is. */
export const OUT_OF_ORDER_LIMIT = 4096;
/** Blocks whose recency is remembered: as many as a segment could report, and one. */
const RECENT = 5;

/** A piece of data that arrived ahead of what comes before it. */
interface Block {
  left: number;
  right: number;
}

/** What has arrived and waits to be read, and behind it what arrived out of order (RFC 9293 §3.10.7.4). */
export class ReceiveBuffer {
  readonly #ring = new ByteRing();
  /** By sequence, apart from each other. */
  readonly #blocks: Block[] = [];
  /** The most recently touched first (RFC 2018 §4). */
  #recent: Block[] = [];
  /** What came a second time and is not reported yet (RFC 2883 §4); nothing when both are equal. */
  #repeatedLeft = 0;
  #repeatedRight = 0;

  /** Bytes that can be read. */
  get length(): number {
    return this.#ring.length;
  }

  /** Whether data waits for a gap to be filled. */
  get hasGap(): boolean {
    return this.#blocks.length > 0;
  }

  /** Whether nothing is held: nothing to read, no gap, nothing to report. */
  get isIdle(): boolean {
    return this.#ring.length === 0 && !this.hasReport;
  }

  /** Whether an acknowledgment has anything to report beyond its number. */
  get hasReport(): boolean {
    return this.#blocks.length > 0 || this.#repeatedLeft !== this.#repeatedRight;
  }

  /** A segment brought once more what lies before RCV.NXT (RFC 2883 §4.1): the next acknowledgment tells so. */
  repeated(left: number, right: number): void {
    this.#repeatedLeft = left;
    this.#repeatedRight = right;
  }

  /**
   * Takes in the data of a segment that lies within the window.
   * @param next RCV.NXT @param sequence of the first byte, at or after `next`
   * @returns by how much RCV.NXT moves on
   */
  accept(next: number, sequence: number, bytes: Uint8Array, start: number, end: number): number {
    if (sequence === next && this.#blocks.length === 0) {
      this.#ring.push(bytes, start, end);
      return end - start;
    }
    const ahead = distance(sequence, next);
    const right = (sequence + end - start) | 0;
    const place = this.#find(sequence);
    if (ahead > 0 && this.#blocks.length >= OUT_OF_ORDER_LIMIT && !this.#joins(place, right)) return 0;
    this.#ring.place(this.#ring.length + ahead, bytes, start, end); // SHLD-31
    const block = this.#insert(place, sequence, right);
    if (isAfter(block.left, next)) return 0;
    const moved = distance(block.right, next);
    this.#blocks.shift();
    this.#recent = this.#recent.filter((other) => other !== block);
    this.#ring.extend(moved);
    return moved;
  }

  /** Whether the whole range was received before (a segment that repeats it is old news). */
  has(left: number, right: number): boolean {
    return this.#blocks.some((block) => isAtOrBefore(block.left, left) && isAtOrAfter(block.right, right));
  }

  /**
   * Writes the blocks to report: what came twice, told once (RFC 2883 §4), then the one with the latest segment first
   * (RFC 2018 §4), which holds what came twice if that lies beyond a gap.
   * @returns how many, at most `limit`
   */
  sackBlocks(into: Int32Array, limit: number): number {
    const first = this.#repeatedLeft === this.#repeatedRight ? 0 : 1;
    if (first === 1) {
      into[0] = this.#repeatedLeft;
      into[1] = this.#repeatedRight;
      this.#repeatedLeft = this.#repeatedRight;
    }
    const count = Math.min(this.#recent.length + first, limit);
    for (let index = first; index < count; index++) {
      const block = this.#recent[index - first] as Block;
      into[index * 2] = block.left;
      into[index * 2 + 1] = block.right;
    }
    return count;
  }

  /** Reads as much as fits. @returns how many bytes */
  read(into: Uint8Array): number {
    const count = Math.min(into.length, this.#ring.length);
    this.#ring.peek(0, count, into, 0);
    this.#ring.drop(count);
    return count;
  }

  /** Forgets what lies behind gaps, which its sender must be ready for (RFC 2018 §8). */
  forgetBlocks(): void {
    if (this.#blocks.length === 0) return;
    this.#blocks.length = 0;
    this.#recent = [];
  }

  /** Gives everything back. */
  clear(): void {
    this.#ring.clear();
    this.forgetBlocks();
    this.#repeatedLeft = this.#repeatedRight;
  }

  /** A segment overlaps a block. Of one that overlaps several the first is reported, as Linux does. */
  #overlap(left: number, right: number): void {
    if (this.#repeatedLeft === this.#repeatedRight) this.repeated(left, right);
    else if (left === this.#repeatedRight) this.#repeatedRight = right;
  }

  /** The index of the first block that does not end before a sequence number. */
  #find(left: number): number {
    const blocks = this.#blocks;
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore((blocks[middle] as Block).right, left)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a range that ends here touches the block found for its left edge. */
  #joins(place: number, right: number): boolean {
    const block = this.#blocks[place];
    return block !== undefined && isAtOrBefore(block.left, right);
  }

  /** Puts a range among the blocks, at the index found for its left edge, and joins those it touches. */
  #insert(place: number, left: number, right: number): Block {
    const blocks = this.#blocks;
    let joined = place;
    const block = { left, right };
    for (; joined < blocks.length; joined++) {
      const other = blocks[joined] as Block;
      if (isAfter(other.left, right)) break;
      this.#overlap(later(left, other.left), isBefore(right, other.right) ? right : other.right);
      if (isBefore(other.left, block.left)) block.left = other.left;
      block.right = later(block.right, other.right);
    }
    const gone = blocks.splice(place, joined - place, block);
    this.#recent = [block, ...this.#recent.filter((other) => !gone.includes(other))].slice(0, RECENT);
    return block;
  }
}
