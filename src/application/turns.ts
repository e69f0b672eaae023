/** A place in a queue whose members are served in turn, or go when their signal aborts. */
interface Turn {
  readonly take: () => void;
}

/** Admits a number at once; who comes then waits for a turn. */
export class Turns {
  readonly #limit: number;
  readonly #waitingLimit: number;
  readonly #busy: () => Error;
  readonly #waiting = new Set<Turn>();
  #taken = 0;

  /** @param waitingLimit how many may wait; any number unless given @param busy what one more is told */
  constructor(limit: number, waitingLimit = Number.POSITIVE_INFINITY, busy = () => new Error("too many wait")) {
    this.#limit = limit;
    this.#waitingLimit = waitingLimit;
    this.#busy = busy;
  }

  /** @throws what it was made with when too many wait, the signal's reason when it aborts */
  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#taken < this.#limit) {
      this.#taken++;
      return;
    }
    if (this.#waiting.size >= this.#waitingLimit) throw this.#busy();
    await new Promise<void>((resolve, reject) => {
      const gone = (): void => {
        this.#waiting.delete(turn);
        reject(signal?.reason);
      };
      const turn = {
        take: () => {
          signal?.removeEventListener("abort", gone);
          resolve();
        },
      };
      this.#waiting.add(turn);
      signal?.addEventListener("abort", gone, { once: true });
    });
  }

  /** Ends a turn; the next takes it over. */
  end(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken--;
      return;
    }
    this.#waiting.delete(next);
    next.take();
  }
}
