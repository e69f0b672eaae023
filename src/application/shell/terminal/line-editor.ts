import { cellWidth } from "./cell-width.ts";
import type { KeyName } from "./keys.ts";

/** Characters of one line; more are refused. */
export const LINE_LIMIT = 4096;

/** A line that is being typed, and its keys, as in readline's emacs mode. */
export class LineEditor {
  #characters: string[] = [];
  #cursor = 0;
  /** What was cut last, for Ctrl-Y. */
  #cut: string[] = [];

  get text(): string {
    return this.#characters.join("");
  }

  get characters(): readonly string[] {
    return this.#characters;
  }

  /** How many characters stand before the cursor. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Another line, with the cursor at its end. */
  set(text: string): void {
    this.#characters = [...text].slice(0, LINE_LIMIT);
    this.#cursor = this.#characters.length;
  }

  /** Puts a text at the cursor. @returns false when there is no room for it */
  insert(text: string): boolean {
    const added = [...text];
    if (this.#characters.length + added.length > LINE_LIMIT) return false;
    this.#characters.splice(this.#cursor, 0, ...added);
    this.#cursor += added.length;
    return true;
  }

  /** Puts a text in place of the last letters before the cursor. @returns false when there is no room for it */
  replaceBefore(count: number, text: string): boolean {
    const removed = this.#characters.splice(this.#cursor - count, count);
    this.#cursor -= count;
    if (this.insert(text)) return true;
    this.insert(removed.join(""));
    return false;
  }

  /** Does what a key says. @returns false for one that is not about the line */
  press(key: KeyName): boolean {
    const edit = EDITS[key];
    if (edit === undefined) return false;
    const line = { characters: this.#characters, cursor: this.#cursor };
    const { from, to, cuts } = edit(line);
    if (from === to) return true;
    if (cuts === undefined) this.#cursor = to;
    else {
      const [first, last] = from < to ? [from, to] : [to, from];
      const removed = this.#characters.splice(first, last - first);
      if (cuts) this.#cut = removed;
      this.#cursor = first;
    }
    return true;
  }

  /** Puts back what was cut last. */
  yank(): boolean {
    return this.insert(this.#cut.join(""));
  }
}

interface Line {
  readonly characters: readonly string[];
  readonly cursor: number;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  /** Whether what lies between is kept when it goes; undefined where the cursor only moves. */
  readonly cuts?: boolean;
}

const move =
  (place: (line: Line) => number) =>
  (line: Line): Edit => ({ from: line.cursor, to: place(line) });
const remove =
  (place: (line: Line) => number, cuts: boolean) =>
  (line: Line): Edit => ({ from: line.cursor, to: place(line), cuts });

const start = (): number => 0;
const end = ({ characters }: Line): number => characters.length;

/** Combining marks go with the character before them. */
function left({ characters, cursor }: Line): number {
  let at = cursor - 1;
  while (at > 0 && cellWidth(characters[at] ?? "") === 0) at--;
  return Math.max(0, at);
}

function right({ characters, cursor }: Line): number {
  let at = cursor + 1;
  while (at < characters.length && cellWidth(characters[at] ?? "") === 0) at++;
  return Math.min(characters.length, at);
}

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}_]/u.test(character);

function wordLeft({ characters, cursor }: Line): number {
  let at = cursor;
  while (at > 0 && !isWord(characters[at - 1])) at--;
  while (at > 0 && isWord(characters[at - 1])) at--;
  return at;
}

function wordRight({ characters, cursor }: Line): number {
  let at = cursor;
  while (at < characters.length && !isWord(characters[at])) at++;
  while (at < characters.length && isWord(characters[at])) at++;
  return at;
}

/** Ctrl-W goes back over what holds no blank. */
function blankLeft({ characters, cursor }: Line): number {
  let at = cursor;
  while (at > 0 && characters[at - 1] === " ") at--;
  while (at > 0 && characters[at - 1] !== " ") at--;
  return at;
}

const EDITS: Readonly<Partial<Record<KeyName, (line: Line) => Edit>>> = {
  left: move(left),
  right: move(right),
  home: move(start),
  end: move(end),
  "ctrl-a": move(start),
  "ctrl-b": move(left),
  "ctrl-e": move(end),
  "ctrl-f": move(right),
  "word-left": move(wordLeft),
  "word-right": move(wordRight),
  backspace: remove(left, false),
  delete: remove(right, false),
  "ctrl-k": remove(end, true),
  "ctrl-u": remove(start, true),
  "ctrl-w": remove(blankLeft, true),
  "delete-word": remove(wordLeft, true),
  "delete-word-right": remove(wordRight, true),
};
