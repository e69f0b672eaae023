/** Standard input, of which a piece is taken only when it is wanted, and kept when who wanted it has gone. */
export class Input {
  readonly #iterator: () => AsyncIterator<Uint8Array>;
  #made: AsyncIterator<Uint8Array> | undefined;
  #next: Promise<IteratorResult<Uint8Array>> | undefined;

  constructor(stdin: () => AsyncIterable<Uint8Array>) {
    this.#iterator = () => stdin()[Symbol.asyncIterator]();
  }

  /** The next piece. @returns undefined at the end @throws the signal's reason when it aborts first */
  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    signal.throwIfAborted();
    this.#made ??= this.#iterator();
    this.#next ??= this.#made.next();
    const next = this.#next;
    const { done, value } = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
      const abort = (): void => reject(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      next.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
    if (done) return undefined;
    this.#next = undefined;
    return value;
  }
}
