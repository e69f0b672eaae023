/** Bytes that wait, in the pieces in which they came. */
export class Chunks {
  readonly #pieces: Uint8Array[] = [];
  #offset = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param piece is kept, not copied */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** Fills a buffer as far as there are bytes. @returns how many */
  read(into: Uint8Array): number {
    let count = 0;
    while (count < into.length) {
      const piece = this.#pieces[0]?.subarray(this.#offset, this.#offset + into.length - count);
      if (piece === undefined) break;
      into.set(piece, count);
      count += piece.length;
      this.skip(piece.length);
    }
    return count;
  }

  /** All that waits, in one piece, which still waits. */
  peek(): Uint8Array {
    const [first] = this.#pieces;
    if (first === undefined) return new Uint8Array(0);
    if (this.#pieces.length === 1) return first.subarray(this.#offset);
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      const rest = at === 0 ? piece.subarray(this.#offset) : piece;
      all.set(rest, at);
      at += rest.length;
    }
    this.#pieces.splice(0, this.#pieces.length, all);
    this.#offset = 0;
    return all;
  }

  /** Takes all that waits, in one piece. */
  take(): Uint8Array {
    const all = this.peek();
    this.clear();
    return all;
  }

  /** Takes bytes from the front; there have to be so many. */
  takeFirst(count: number): Uint8Array {
    const first = this.peek().slice(0, count);
    this.skip(count);
    return first;
  }

  /** Drops bytes from the front. */
  skip(count: number): void {
    this.#length -= count;
    for (this.#offset += count; this.#offset >= (this.#pieces[0]?.length ?? Number.POSITIVE_INFINITY); ) {
      this.#offset -= (this.#pieces.shift() as Uint8Array).length;
    }
  }

  clear(): void {
    this.#pieces.length = this.#offset = this.#length = 0;
  }
}
