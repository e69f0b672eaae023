import { readEscape } from "../name.ts";

/** A word of a master file, and where it stands; lines and columns count from 1. */
export interface Token {
  /** As written, escapes included; without its quotes. */
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
  readonly column: number;
}

/** The words of one entry. Parentheses make one of several lines (RFC 1035 §5.1). */
export interface Entry {
  readonly tokens: readonly Token[];
  /** It begins with white space: its owner is that of the entry before. */
  readonly indented: boolean;
}

export interface LexicalProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const WORD_END = /[\s;()"]/;

/** Cuts a master file into entries. */
export class EntryReader {
  /** Found so far. */
  readonly problems: LexicalProblem[] = [];
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  *[Symbol.iterator](): Generator<Entry, void, void> {
    while (this.#at < this.#text.length) {
      const entry = this.#entry();
      if (entry.tokens.length > 0) yield entry;
    }
  }

  #entry(): Entry {
    const tokens: Token[] = [];
    const indented = /[ \t]/.test(this.#text[this.#at] ?? "");
    let open: LexicalProblem | undefined;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] as string;
      if (character === "\n") {
        this.#newLine();
        if (open === undefined) break;
      } else if (/\s/.test(character)) this.#at++;
      else if (character === ";") this.#at = endOfLine(this.#text, this.#at);
      else if (character === "(" || character === ")") open = this.#parenthesis(character, open);
      else if (character === '"') tokens.push(this.#quoted());
      else tokens.push(this.#word());
    }
    if (open !== undefined) this.problems.push(open);
    return { tokens, indented };
  }

  #newLine(): void {
    this.#line++;
    this.#lineStart = ++this.#at;
  }

  #parenthesis(character: string, open: LexicalProblem | undefined): LexicalProblem | undefined {
    const place = this.#place();
    this.#at++;
    if (character === "(" && open === undefined) return { ...place, message: "this parenthesis is not closed" };
    if (character === ")" && open !== undefined) return undefined;
    const message = character === "(" ? "parentheses do not nest" : "this parenthesis was not opened";
    this.problems.push({ ...place, message });
    return open;
  }

  #place(): { line: number; column: number } {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #word(): Token {
    const place = this.#place();
    const start = this.#at;
    while (this.#at < this.#text.length && !WORD_END.test(this.#text[this.#at] as string)) this.#step();
    return { ...place, text: this.#text.slice(start, this.#at), quoted: false };
  }

  #quoted(): Token {
    const place = this.#place();
    const start = ++this.#at;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"' && this.#text[this.#at] !== "\n") this.#step();
    const text = this.#text.slice(start, this.#at);
    if (this.#text[this.#at] === '"') this.#at++;
    else this.problems.push({ ...place, message: "this text has no end on its line" });
    return { ...place, text, quoted: true };
  }

  /** One character, or a backslash and the one that it changes. */
  #step(): void {
    const escaped = this.#text[this.#at] === "\\" && this.#text[this.#at + 1] !== "\n";
    this.#at = Math.min(this.#at + (escaped ? 2 : 1), this.#text.length);
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/**
 * The bytes of a text, one character each: escapes are what they stand for, and all else is UTF-8.
 * @returns undefined for an escape that stands for nothing
 */
export function bytesOf(text: string): string | undefined {
  let bytes = "";
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf("\\", at);
    const plain = text.slice(at, next < 0 ? text.length : next);
    bytes += String.fromCharCode(...new TextEncoder().encode(plain));
    if (next < 0) break;
    const escaped = readEscape(text, next);
    if (escaped === undefined) return undefined;
    bytes += String.fromCharCode(escaped.byte);
    at = escaped.next;
  }
  return bytes;
}
