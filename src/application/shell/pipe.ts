/** Bytes that wait between two commands of a pipeline, or of what was typed for a command. */
export const PIPE_LIMIT = 65_536;

/** Bytes from one writer to one reader, of whom the writer waits while too many are on their way. */
export class Pipe {
  #pieces: Uint8Array[] = [];
  #length = 0;
  #ended = false;
  #reader: (() => void) | undefined;
  #writers: (() => void)[] = [];

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#ended || bytes.length === 0) return;
    this.#pieces.push(bytes.slice());
    this.#length += bytes.length;
    this.#reader?.();
    if (this.#length < PIPE_LIMIT) return;
    await new Promise<void>((resolve) => this.#writers.push(resolve));
  }

  /** Nothing more comes; who waits to write waits no longer. */
  end(): void {
    this.#ended = true;
    this.#reader?.();
    this.#release();
  }

  async *read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const pieces = this.#pieces;
      this.#pieces = [];
      this.#length = 0;
      this.#release();
      yield* pieces;
      if (this.#pieces.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#reader = resolve;
      });
      this.#reader = undefined;
    }
  }

  #release(): void {
    for (const resolve of this.#writers.splice(0)) resolve();
  }
}
