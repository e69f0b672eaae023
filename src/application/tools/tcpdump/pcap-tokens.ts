/** The words of a filter, and which of them comes next. */
export class PcapTokens {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    // Within brackets a name ends at a colon, elsewhere a MAC address has some.
    const pattern =
      /\[|\]|&&|\|\||<<|>>|[<>!=]=|[()!<>=&|+*/%^]|(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}|:|\\?[\w.-]+(?:\/[\w.]+)?|\S/gi;
    this.#words = text.match(pattern) ?? [];
  }

  get peek(): string | undefined {
    return this.#words[this.#at];
  }

  /** Where to go {@link back} to. */
  get place(): number {
    return this.#at;
  }

  back(place: number): void {
    this.#at = place;
  }

  next(): string {
    return this.#words[this.#at++] ?? "";
  }

  /** The next word, if it is one of these. */
  take(...wanted: readonly string[]): string | undefined {
    const word = this.peek;
    if (word === undefined || !wanted.includes(word)) return undefined;
    this.#at++;
    return word;
  }

  /** Takes words that follow each other, all or none. */
  takeAll(...wanted: readonly string[]): boolean {
    const isNext = wanted.every((word, index) => this.#words[this.#at + index] === word);
    if (isNext) this.#at += wanted.length;
    return isNext;
  }
}
