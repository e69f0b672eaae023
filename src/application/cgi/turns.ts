import { ScriptBusy } from "./errors.ts";

/** A place in a queue whose members are served in turn, or go when their signal aborts. */
interface Turn {
  readonly take: () => void;
}

/** Admits a number at once; who comes then waits for a turn. */
export class Turns {
  readonly #limit: number;
  readonly #waitingLimit: number;
  readonly #waiting = new Set<Turn>();
  #taken = 0;

  constructor(limit: number, waitingLimit: number) {
    this.#limit = limit;
    this.#waitingLimit = waitingLimit;
  }

  /** @throws ScriptBusy when too many wait, the signal's reason when it aborts */
  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#taken < this.#limit) {
      this.#taken++;
      return;
    }
    if (this.#waiting.size >= this.#waitingLimit) throw new ScriptBusy("too many requests wait for it");
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
