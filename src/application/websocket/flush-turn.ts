/** What waits to be written. */
export interface Flushable {
  /** Kept by the turn: whether it is to be flushed already. */
  inTurn: boolean;
  flush(): void;
}

/**
 * Gathers what is said within one turn, so that each connection gets one write for all of it. One turn may serve many
 * connections.
 */
export class FlushTurn {
  readonly #schedule: (run: () => void) => void;
  #waiting: Flushable[] = [];

  /** @param schedule calls back when the turn ends; at the end of the running microtasks unless told */
  constructor(schedule: (run: () => void) => void = soon) {
    this.#schedule = schedule;
  }

  add(target: Flushable): void {
    if (target.inTurn) return;
    target.inTurn = true;
    if (this.#waiting.length === 0) this.#schedule(() => this.#run());
    this.#waiting.push(target);
  }

  #run(): void {
    const waiting = this.#waiting;
    this.#waiting = []; // who is flushed may have to leave, and others hear of it
    for (const each of waiting) {
      each.inTurn = false;
      each.flush();
    }
  }
}

const soon = (run: () => void): void => {
  void Promise.resolve().then(run);
};
