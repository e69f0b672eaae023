import type { Platform } from "../network/platform.ts";

/** Something that is done bit by bit, such as going through the packets of a list. */
export interface Piecework {
  readonly isBehind: boolean;
  /** Goes on a little. @param budget in units of about a microsecond */
  work(budget: number): void;
}

/** Units of one piece. */
const BUDGET = 500;
/** Wall milliseconds at once, and until the next time, while the network runs: a small share of what there is. */
const SLICE_RUNNING = 3;
const PAUSE_RUNNING = 40;
/** Wall milliseconds at once while time stands. */
const SLICE_STANDING = 10;

/** Does piecework beside the network: a little while it runs, and all there is to do while time stands. */
export class Background {
  readonly #platform: Platform;
  readonly #isRunning: () => boolean;
  readonly #pieces: () => Iterable<Piecework>;
  readonly #onProgress: () => void;
  #working = false;
  #closed = false;

  constructor(options: {
    readonly platform: Platform;
    readonly isRunning: () => boolean;
    /** All that may have something to do. */
    readonly pieces: () => Iterable<Piecework>;
    readonly onProgress: () => void;
  }) {
    this.#platform = options.platform;
    this.#isRunning = options.isRunning;
    this.#pieces = options.pieces;
    this.#onProgress = options.onProgress;
  }

  /** There may be something to do. */
  wake(): void {
    if (this.#working || this.#closed || !this.#isBehind()) return;
    this.#working = true;
    void this.#go();
  }

  close(): void {
    this.#closed = true;
  }

  async #go(): Promise<void> {
    const platform = this.#platform;
    while (!this.#closed && this.#isBehind()) {
      const running = this.#isRunning();
      const end = platform.wall() + (running ? SLICE_RUNNING : SLICE_STANDING);
      do {
        for (const piece of this.#pieces()) if (piece.isBehind) piece.work(BUDGET);
      } while (platform.wall() < end && this.#isBehind());
      this.#onProgress();
      if (running) await platform.sleep(PAUSE_RUNNING).done;
      else await platform.turn();
    }
    this.#working = false;
  }

  #isBehind(): boolean {
    for (const piece of this.#pieces()) if (piece.isBehind) return true;
    return false;
  }
}
