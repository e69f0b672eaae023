import type { History } from "../history.ts";

/** Looks for a line of the history while letters are typed (Ctrl-R). */
export class HistorySearch {
  readonly #history: History;
  #text = "";
  #at: number;

  constructor(history: History) {
    this.#history = history;
    this.#at = history.lines.length;
  }

  get prompt(): string {
    return `(reverse-i-search)\`${this.#text}': `;
  }

  /** The line that was found last; empty before the first. */
  get line(): string {
    return this.#history.lines[this.#at] ?? "";
  }

  extend(letters: string): void {
    this.#text += letters;
    this.#look(this.#at + 1);
  }

  shorten(): void {
    this.#text = [...this.#text].slice(0, -1).join("");
    this.#look(this.#history.lines.length);
  }

  /** The one before. */
  earlier(): void {
    this.#look(this.#at);
  }

  #look(before: number): void {
    const found = this.#text === "" ? -1 : this.#history.find(this.#text, before);
    if (found >= 0) this.#at = found;
  }
}
