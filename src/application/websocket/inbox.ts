/** Messages that wait at most before no more are read from the peer. */
const ENOUGH = 16;

/** Messages that wait for a program that takes them one by one. */
export class Inbox {
  readonly #onRoom: () => void;
  readonly #waiting: (string | Uint8Array)[] = [];
  #taker: ((data: string | Uint8Array | undefined) => void) | undefined;
  #closed = false;

  /** @param onRoom called when it is {@link full} no more */
  constructor(onRoom: () => void) {
    this.#onRoom = onRoom;
  }

  /** Whether the peer is to be held back. What one read brings is still taken, however much. */
  get full(): boolean {
    return this.#waiting.length >= ENOUGH;
  }

  put(data: string | Uint8Array): void {
    const taker = this.#taker;
    this.#taker = undefined;
    if (taker !== undefined) taker(data);
    else this.#waiting.push(data);
  }

  /** The next message; undefined when there is none and no more will come. One call at a time. */
  take(): Promise<string | Uint8Array | undefined> {
    const wasFull = this.full;
    const data = this.#waiting.shift();
    if (wasFull && !this.full) this.#onRoom();
    if (data !== undefined || this.#closed) return Promise.resolve(data);
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }

  /** No more will come; what is here can still be taken. */
  close(): void {
    this.#closed = true;
    this.#taker?.(undefined);
    this.#taker = undefined;
  }
}
