const encoder = new TextEncoder();

/** A line on its way to many: its bytes are made once. */
export class SpokenLine {
  readonly text: string;
  #bytes: Uint8Array | undefined;

  /** @param text without the line end */
  constructor(text: string) {
    this.text = text;
  }

  /** UTF-8 with a line feed at the end. Not to be written to. */
  get bytes(): Uint8Array {
    this.#bytes ??= encoder.encode(`${this.text}\n`);
    return this.#bytes;
  }
}
