/** Numbers of the frames that a filter has let through, in order. */
export class Matches {
  #numbers = new Uint32Array(256);
  count = 0;

  get memory(): number {
    return this.#numbers.byteLength;
  }

  /** @param number higher than those before it */
  add(number: number): void {
    if (this.count === this.#numbers.length) {
      const grown = new Uint32Array(2 * this.count);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.count++] = number;
  }

  /** Forgets all from a number on. */
  forgetFrom(number: number): void {
    this.count = this.indexFrom(number);
  }

  at(index: number): number | undefined {
    return index < this.count ? this.#numbers[index] : undefined;
  }

  /** The index of a number or of the first higher one; the count for none. */
  indexFrom(number: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
