/** The largest value of the last so many rounds. */
export class WindowedMax {
  /** The largest of each round, at the round's number modulo the window. */
  readonly #best: number[];
  #round = 0;
  value = 0;

  /** @param window rounds */
  constructor(window: number) {
    this.#best = new Array(window).fill(0);
  }

  /** @param round never less than the last time */
  add(round: number, value: number): void {
    const best = this.#best;
    if (round !== this.#round) {
      for (let passed = Math.max(this.#round + 1, round - best.length + 1); passed <= round; passed++) {
        best[passed % best.length] = 0;
      }
      this.#round = round;
    }
    const at = round % best.length;
    best[at] = Math.max(best[at] as number, value);
    this.value = 0;
    for (const one of best) if (one > this.value) this.value = one;
  }
}
