import type { Dissection, Field } from "../dissect/field.ts";
import { readFilter } from "../filter/display-filter.ts";
import { type FilterProblem, refusalOf } from "../filter/problem.ts";
import { bytesOf, indexOfBytes } from "../filter/values.ts";
import type { PacketView, RowList } from "./packet-view.ts";
import { quickFacts } from "./quick-facts.ts";

/** What is looked for: a display filter, letters of the row or its tree, or bytes as hexadecimal digits. */
export interface Wanted {
  /** The index that is looked at first. */
  readonly from: number;
  readonly backwards: boolean;
  readonly by: "filter" | "text" | "hex";
  readonly what: string;
}

/** To dissect a frame costs as much as to look at so many rows. */
const DISSECTION_COST = 16;

type Test = (number: number) => { found: boolean; cost: number };

/** A search through the rows of a moment, which goes on in slices. It does not come round at the end. */
export class Search {
  readonly #view: PacketView;
  readonly #rows: RowList;
  readonly #step: 1 | -1;
  readonly #holds: Test;
  #index: number;
  /** The index of the row that was found; −1 for none; undefined while it goes on. */
  result: number | undefined;

  private constructor(view: PacketView, { from, backwards }: Wanted, holds: Test) {
    this.#view = view;
    this.#rows = view.rowList();
    this.#step = backwards ? -1 : 1;
    this.#holds = holds;
    this.#index = Math.min(Math.max(from, backwards ? -1 : view.first), this.#rows.count - (backwards ? 1 : 0));
  }

  /** @returns the search, or why what is wanted is nothing that can be looked for */
  static of(view: PacketView, wanted: Wanted): { search: Search } | { problem: FilterProblem } {
    const { by, what } = wanted;
    if (by === "filter") {
      const read = readFilter(what, view.table);
      if ("problem" in read) return read;
      const { filter } = read;
      const facts = quickFacts(view.dissection);
      return {
        search: new Search(view, wanted, (number) => {
          const known = facts(number);
          const verdict = filter.quick(known);
          if (verdict !== undefined) return { found: verdict, cost: known.cost };
          return { found: filter.matches(view.dissection.dissect(number)), cost: DISSECTION_COST };
        }),
      };
    }
    if (by === "hex") {
      const read = refusalOf(() =>
        bytesOf({ text: what.replace(/\s+/g, ""), form: "word", offset: 0, length: what.length }),
      );
      if ("problem" in read) return read;
      const { value } = read;
      const { frames } = view;
      const holds = (number: number) => ({
        found: indexOfBytes(frames.log.frame(frames.event(number)), value) >= 0,
        cost: 1,
      });
      return { search: new Search(view, wanted, holds) };
    }
    const letters = what.toLowerCase();
    const holds = (number: number) => ({
      found: hasText(view.dissection.dissect(number), letters),
      cost: DISSECTION_COST,
    });
    return { search: new Search(view, wanted, holds) };
  }

  /** Goes on a little. @param budget in rows that are only looked at @returns whether it has ended */
  work(budget: number): boolean {
    const { log } = this.#view.frames;
    for (let left = budget; left > 0 && this.result === undefined; ) {
      const index = this.#index;
      if (index < 0 || index >= this.#rows.count) this.result = -1;
      else {
        const number = this.#rows.at(index);
        const kept = log.has(this.#view.frames.event(number));
        if (!kept && this.#step < 0) this.result = -1;
        const { found, cost } = kept ? this.#holds(number) : { found: false, cost: 1 };
        if (found) this.result = index;
        this.#index += this.#step;
        left -= cost;
      }
    }
    return this.result !== undefined;
  }
}

/** Whether letters stand in the columns or in a line of the tree, whatever their case. */
function hasText({ columns, layers }: Dissection, letters: string): boolean {
  const has = (text: string): boolean => text.toLowerCase().includes(letters);
  const within = (fields: readonly Field[]): boolean =>
    fields.some(({ text, hidden, children }) => !hidden && (has(text) || within(children)));
  return Object.values(columns).some((text) => typeof text === "string" && has(text)) || within(layers);
}
