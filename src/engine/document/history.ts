import { assert } from "../../base/assert.ts";
import { applySplice, inverse, spliceBetween, type TextSplice } from "../../base/text-splice.ts";
import { type DocumentStep, STEPS_TOLD } from "../protocol/document.ts";

/** Steps that can be undone; then the oldest go. */
export const STEPS_LIMIT = 1000;
/** Letters that all steps may keep of what they changed. */
export const STEPS_LETTERS_LIMIT = 32 * 2 ** 20;

interface Kept {
  readonly step: DocumentStep;
  readonly splice: TextSplice;
}

/** The text of a document with all steps that have made it, as far as they are kept. */
export class History {
  #text: string;
  /** As it was opened or saved last. */
  #saved: string;
  #undo: Kept[] = [];
  #redo: Kept[] = [];

  constructor(text: string) {
    this.#text = this.#saved = text;
  }

  get text(): string {
    return this.#text;
  }

  get isChanged(): boolean {
    return this.#text !== this.#saved;
  }

  /** What the next steps back are, and the next ones forth. */
  get undoable(): DocumentStep[] {
    return this.#undo
      .slice(-STEPS_TOLD)
      .reverse()
      .map(({ step }) => step);
  }

  get redoable(): DocumentStep[] {
    return this.#redo
      .slice(-STEPS_TOLD)
      .reverse()
      .map(({ step }) => step);
  }

  /** A step has been made: what was undone cannot be done again. */
  add(text: string, step: DocumentStep): void {
    if (text === this.#text) return;
    this.#undo.push({ step, splice: spliceBetween(this.#text, text) });
    this.#redo = [];
    this.#text = text;
    let letters = 0;
    let first = this.#undo.length;
    while (first > 0 && this.#undo.length - first < STEPS_LIMIT && letters <= STEPS_LETTERS_LIMIT) {
      const { removed, inserted } = (this.#undo[--first] as Kept).splice;
      letters += removed.length + inserted.length;
    }
    if (letters > STEPS_LETTERS_LIMIT) first++;
    this.#undo = this.#undo.slice(first);
  }

  /** What undoing the last step would make of the text. */
  get before(): string | undefined {
    const last = this.#undo.at(-1);
    return last && applied(this.#text, inverse(last.splice));
  }

  /** What redoing would. */
  get after(): string | undefined {
    const next = this.#redo.at(-1);
    return next && applied(this.#text, next.splice);
  }

  undo(): void {
    const text = this.before;
    const last = this.#undo.pop();
    if (text === undefined || last === undefined) return;
    this.#redo.push(last);
    this.#text = text;
  }

  redo(): void {
    const text = this.after;
    const next = this.#redo.pop();
    if (text === undefined || next === undefined) return;
    this.#undo.push(next);
    this.#text = text;
  }

  saved(): void {
    this.#saved = this.#text;
  }
}

function applied(text: string, splice: TextSplice): string {
  const result = applySplice(text, splice);
  assert(result !== undefined, "steps are undone in their order");
  return result;
}
