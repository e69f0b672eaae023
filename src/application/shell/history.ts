/** Lines that are kept. */
export const HISTORY_LIMIT = 500;

/** The lines that were typed before, and which of them is looked at. */
export class History {
  readonly #lines: string[] = [];
  /** Counted from the oldest; their number for the line that is being typed. */
  #at = 0;
  #draft = "";

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** A line that was typed; the same twice in a row is kept once, an empty one not at all. */
  add(line: string): void {
    if (line.trim() !== "" && this.#lines.at(-1) !== line) this.#lines.push(line);
    if (this.#lines.length > HISTORY_LIMIT) this.#lines.shift();
    this.#at = this.#lines.length;
  }

  /** The line before the one looked at. @param typed what stands there now @returns undefined at the first */
  earlier(typed: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#lines.length) this.#draft = typed;
    return this.#lines[--this.#at];
  }

  /** The line after it, and at last what was being typed. */
  later(): string | undefined {
    if (this.#at >= this.#lines.length) return undefined;
    this.#at++;
    return this.#lines[this.#at] ?? this.#draft;
  }

  /** The last line that holds a text, from a place backwards. @returns its place, −1 for none */
  find(text: string, before = this.#lines.length): number {
    for (let at = Math.min(before, this.#lines.length) - 1; at >= 0; at--)
      if (this.#lines[at]?.includes(text)) return at;
    return -1;
  }
}
