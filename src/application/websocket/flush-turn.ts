/** What waits to be written. */
export interface Flushable {
  flush(): void;
}

/**
 * Gathers what is said within one turn, so that each connection gets one write for all of it. One turn may serve many
 * connections.
 */
export class FlushTurn {
  readonly #schedule: (run: () => void) => void;
  #waiting = new Set<Flushable>();

  /** @param schedule calls back when the turn ends; at the end of the running microtasks unless told */
  constructor(schedule: (run: () => void) => void = soon) {
    this.#schedule = schedule;
  }

  add(target: Flushable): void {
    if (this.#waiting.size === 0) this.#schedule(() => this.#run());
    this.#waiting.add(target);
  }

  #run(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set(); // who is flushed may have to leave, and others hear of it
    for (const each of waiting) each.flush();
  }
}

const soon = (run: () => void): void => {
  void Promise.resolve().then(run);
};
