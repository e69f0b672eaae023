import type { Platform } from "../network/platform.ts";

/** Something that is done bit by bit, such as going through the packets of a list. */
export interface Piecework {
  readonly isBehind: boolean;
  /** Goes on a little. @param budget in units of about a microsecond @param hurried there is but a little of the machine free for it */
  work(budget: number, hurried: boolean): void;
}

/** Units of one piece: a small part of the shortest slice. */
const BUDGET = 100;
/** How much of the machine is free for it. */
export type Share =
  /** Time stands: all of it. */
  | "all"
  /** The network runs paced, and keeps up: a half. */
  | "half"
  /** The network takes what it can get: a small part. */
  | "little";

/** Wall milliseconds at once, and until the next time. */
const SLICES: Readonly<Record<Share, readonly [slice: number, pause: number]>> = {
  all: [10, 0],
  half: [8, 8],
  little: [1, 120],
};

/** Does piecework beside the network, in slices. */
export class Background {
  readonly #platform: Platform;
  readonly #share: () => Share;
  readonly #pieces: () => Iterable<Piecework>;
  readonly #onProgress: () => void;
  /** What has failed once is not tried again: it must not end those who look at something else. */
  readonly #failed = new WeakSet<Piecework>();
  #working = false;
  #closed = false;

  constructor(options: {
    readonly platform: Platform;
    readonly share: () => Share;
    /** All that may have something to do. */
    readonly pieces: () => Iterable<Piecework>;
    readonly onProgress: () => void;
  }) {
    this.#platform = options.platform;
    this.#share = options.share;
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
      const share = this.#share();
      const [slice, pause] = SLICES[share];
      const end = platform.wall() + slice;
      do {
        for (const piece of this.#pieces()) if (this.#isOpen(piece)) this.#work(piece, share);
      } while (platform.wall() < end && this.#isBehind());
      this.#onProgress();
      if (pause > 0) await platform.sleep(pause).done;
      else await platform.turn();
    }
    this.#working = false;
  }

  #isBehind(): boolean {
    for (const piece of this.#pieces()) if (this.#isOpen(piece)) return true;
    return false;
  }

  #isOpen(piece: Piecework): boolean {
    return piece.isBehind && !this.#failed.has(piece);
  }

  #work(piece: Piecework, share: Share): void {
    try {
      piece.work(BUDGET, share === "little");
    } catch {
      this.#failed.add(piece);
    }
  }
}
