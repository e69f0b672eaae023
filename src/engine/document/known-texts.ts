import type { DocumentRead, NoDocument } from "./tools.ts";

/** Letters of texts that are remembered with what they say. */
export const KNOWN_LETTERS_LIMIT = 2 ** 22;

/** What texts say, read once: undo, redo and replays come back to the same ones. */
export class KnownTexts {
  readonly #read: (text: string) => DocumentRead | NoDocument;
  readonly #known = new Map<string, DocumentRead>();
  #letters = 0;

  /** What is read from now on is read otherwise. */
  forget(): void {
    this.#known.clear();
    this.#letters = 0;
  }

  constructor(read: (text: string) => DocumentRead | NoDocument) {
    this.#read = read;
  }

  read(text: string): DocumentRead | NoDocument {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const read = this.#read(text);
    if (read.document !== undefined) this.add(read);
    return read;
  }

  /** Remembers what was read elsewhere; the oldest are forgotten. */
  add({ text, network, document, problems }: DocumentRead): void {
    if (this.#known.has(text)) return;
    this.#known.set(text, { text, network, document, problems });
    this.#letters += text.length;
    for (const each of this.#known.keys()) {
      if (this.#letters <= KNOWN_LETTERS_LIMIT || each === text) break;
      this.#known.delete(each);
      this.#letters -= each.length;
    }
  }
}
