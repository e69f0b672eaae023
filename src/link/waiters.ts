/**
 * Functions to be called, each once however often it was added, in the order in which they came. The first of them, most
 * often the only one, stands by itself: to add and to take it allocates nothing.
 */
export class Waiters {
  #first: (() => void) | undefined;
  readonly #others = new Set<() => void>();

  get size(): number {
    return this.#first === undefined ? 0 : 1 + this.#others.size;
  }

  add(waiter: () => void): void {
    if (this.#first === undefined) this.#first = waiter;
    else if (this.#first !== waiter) this.#others.add(waiter);
  }

  /** Takes the first out; there is one. */
  shift(): () => void {
    const waiter = this.#first as () => void;
    this.#first = undefined;
    if (this.#others.size > 0) {
      this.#first = this.#others.values().next().value as () => void;
      this.#others.delete(this.#first);
    }
    return waiter;
  }
}
