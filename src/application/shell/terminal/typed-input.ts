/** Bytes of lines that were typed and that nobody has read. */
export const TYPED_LIMIT = 65_536;

interface Reader {
  readonly owner: object;
  readonly resolve: (piece: Uint8Array | undefined) => void;
}

/** Lines that are typed while commands run: who is in the foreground reads them. */
export class TypedInput {
  #lines: (Uint8Array | undefined)[] = [];
  #length = 0;
  #readers: Reader[] = [];
  #owner: object | undefined;

  /** Who reads now: a job. */
  set owner(owner: object | undefined) {
    this.#owner = owner;
    this.#deliver();
  }

  /** @param line undefined for the end of input, which one read is told of @returns false when there is no room */
  push(line: Uint8Array | undefined): boolean {
    if (this.#length + (line?.length ?? 1) > TYPED_LIMIT) return false;
    this.#length += line?.length ?? 1;
    this.#lines.push(line);
    this.#deliver();
    return true;
  }

  /** Takes what nobody has read. */
  take(): Uint8Array[] {
    const lines = this.#lines.filter((line) => line !== undefined);
    this.#lines = [];
    this.#length = 0;
    return lines;
  }

  /** Nothing more comes for an owner: whatever it waits for has ended. */
  leave(owner: object): void {
    const left = this.#readers.filter((reader) => reader.owner === owner);
    this.#readers = this.#readers.filter((reader) => reader.owner !== owner);
    for (const { resolve } of left) resolve(undefined);
  }

  /** Standard input of an owner, until an end of input is typed. */
  async *read(owner: object): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = await new Promise<Uint8Array | undefined>((resolve) => {
        this.#readers.push({ owner, resolve });
        this.#deliver();
      });
      if (piece === undefined) return;
      yield piece;
    }
  }

  #deliver(): void {
    while (this.#lines.length > 0) {
      const index = this.#readers.findIndex(({ owner }) => owner === this.#owner);
      const [reader] = index < 0 ? [] : this.#readers.splice(index, 1);
      if (reader === undefined) return;
      const line = this.#lines.shift();
      this.#length -= line?.length ?? 1;
      reader.resolve(line);
    }
  }
}
