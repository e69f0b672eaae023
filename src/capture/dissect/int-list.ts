/** A list of integers that grows: a fifth of what an array of numbers takes once they are many. */
export class IntList {
  #items = new Int32Array(8);
  length = 0;

  push(item: number): void {
    if (this.length === this.#items.length) {
      const items = new Int32Array(this.length * 2);
      items.set(this.#items);
      this.#items = items;
    }
    this.#items[this.length++] = item;
  }

  at(index: number): number {
    return this.#items[index < 0 ? this.length + index : index] as number;
  }

  /** The first index whose item is not below a number, of a list in order. */
  indexOf(item: number): number {
    let low = 0;
    for (let high = this.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.#items[middle] as number) < item) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  *[Symbol.iterator](): IterableIterator<number> {
    for (let index = 0; index < this.length; index++) yield this.#items[index] as number;
  }
}
