import type { PacketRow } from "../../../src/engine/protocol/index.ts";

/** Rows asked for at once. */
export const PAGE = 100;
/** Pages that are kept: what is seen, and some way around it. */
export const MAX_PAGES = 16;

interface Page {
  rows: readonly PacketRow[];
  /** How many rows of the page there were when it was asked for last. */
  asked: number;
  /** A request for it is under way. */
  pending: boolean;
  /** When it was last shown, by a count of askings. */
  used: number;
}

/** Gets rows of a view. Rejects when it cannot. */
export type FetchRows = (
  from: number,
  count: number,
) => Promise<{ readonly from: number; readonly rows: readonly PacketRow[] }>;

/**
 * The rows of a view that the page holds: some pages of {@link PAGE} around what is seen, the one not used longest goes first. A
 * page that was not full is asked for again when the view has grown.
 */
export class RowPages {
  readonly #fetch: FetchRows;
  readonly #changed: () => void;
  readonly #pages = new Map<number, Page>();
  #generation = 0;
  #tick = 0;

  /** @param changed called when rows have come, or could not be had */
  constructor(fetch: FetchRows, changed: () => void) {
    this.#fetch = fetch;
    this.#changed = changed;
  }

  get size(): number {
    return this.#pages.size;
  }

  /** Forgets all rows: another filter, another branch. Answers that are under way are dropped. */
  clear(): void {
    this.#pages.clear();
    this.#generation++;
  }

  row(index: number): PacketRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.rows[index % PAGE];
  }

  /** The rows from `first` up to `end` are about to be shown, of so many that the view has. */
  want(first: number, end: number, total: number): void {
    const last = Math.min(end, total) - 1;
    for (let page = Math.floor(first / PAGE); page * PAGE <= last; page++)
      this.#ask(page, Math.min(PAGE, total - page * PAGE));
    this.#evict();
  }

  #ask(number: number, available: number): void {
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = { rows: [], asked: 0, pending: false, used: 0 };
      this.#pages.set(number, page);
    }
    page.used = ++this.#tick;
    if (page.pending || page.asked >= available) return;
    page.pending = true;
    page.asked = available;
    void this.#get(number, page, this.#generation);
  }

  async #get(number: number, page: Page, generation: number): Promise<void> {
    try {
      const answer = await this.#fetch(number * PAGE, PAGE);
      if (generation !== this.#generation) return;
      page.rows = answer.rows;
    } catch {
      // The connection says so itself; the page is asked for again when it is next wanted, not at once.
      page.asked = page.rows.length;
      page.pending = false;
      return;
    }
    page.pending = false;
    this.#changed();
  }

  #evict(): void {
    while (this.#pages.size > MAX_PAGES) {
      let oldest: number | undefined;
      let used = Number.POSITIVE_INFINITY;
      for (const [number, page] of this.#pages) {
        if (page.used < used && !page.pending) [oldest, used] = [number, page.used];
      }
      if (oldest === undefined) return;
      this.#pages.delete(oldest);
    }
  }
}
