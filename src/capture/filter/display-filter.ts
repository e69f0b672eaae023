import type { Dissection } from "../dissect/field.ts";
import { Collected } from "./collect.ts";
import { compileCondition, type Predicate } from "./conditions.ts";
import type { Facts } from "./facts.ts";
import type { FieldTable } from "./fields.ts";
import { Places } from "./operands.ts";
import { Parser } from "./parser.ts";
import { type FilterProblem, refusalOf } from "./problem.ts";
import { suggestionFor } from "./suggestion.ts";

/** A filter in Wireshark's language that is ready to be asked of frames. */
export interface DisplayFilter {
  readonly text: string;
  /** It is true of every frame, since nothing was written. */
  readonly isEmpty: boolean;
  matches(dissection: Dissection): boolean;
  /**
   * What can be said of a frame by what is known of it without a dissection.
   * @returns undefined when it has to be dissected
   */
  quick(facts: Facts): boolean | undefined;
}

/** Reads a filter, or says why it is none. It never throws. */
export function readFilter(text: string, fields: FieldTable): { filter: DisplayFilter } | { problem: FilterProblem } {
  const read = refusalOf((): DisplayFilter => {
    const condition = new Parser(text, fields).parse();
    if (condition === undefined) return { text, isEmpty: true, matches: () => true, quick: () => true };
    const places = new Places();
    return new Ready(text, compileCondition(condition, fields, places), places);
  });
  if (!("problem" in read)) return { filter: read.value };
  const suggestion = suggestionFor(read.problem, fields);
  return { problem: suggestion === undefined ? read.problem : { ...read.problem, suggestion } };
}

class Ready implements DisplayFilter {
  readonly text: string;
  readonly isEmpty = false;
  readonly #predicate: Predicate;
  readonly #frame: Collected;

  constructor(text: string, predicate: Predicate, places: Places) {
    this.text = text;
    this.#predicate = predicate;
    this.#frame = new Collected(places.byName);
  }

  quick(facts: Facts): boolean | undefined {
    this.#frame.glance(facts);
    return this.#predicate.quick(this.#frame);
  }

  matches(dissection: Dissection): boolean {
    this.#frame.collect(dissection);
    return this.#predicate.matches(this.#frame);
  }
}
