/** Bytes of a line; the rest of a longer one comes as a line of its own. */
export const LINE_LIMIT = 1_000;

const LF = 0x0a;
const decoder = new TextDecoder();

/** Makes lines of what a script writes to its error stream. */
export class ScriptLines {
  readonly #tell: (line: string) => void;
  readonly #bytes = new Uint8Array(LINE_LIMIT);
  #length = 0;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  take(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === LF || this.#length === LINE_LIMIT) this.#flush();
      if (byte !== LF) this.#bytes[this.#length++] = byte;
    }
  }

  /** The last line may have no end. */
  end(): void {
    if (this.#length > 0) this.#flush();
  }

  #flush(): void {
    const line = decoder.decode(this.#bytes.subarray(0, this.#length)).replace(/\r$/, "");
    this.#length = 0;
    this.#tell(line);
  }
}
