import { ScriptError } from "./script-error.ts";

/** Reads a script from left to right, passing over white space and comments between words. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The line on which the next word stands, from 1. */
  get line(): number {
    this.skip();
    return this.lineOf(this.at);
  }

  lineOf(at: number): number {
    let line = 1;
    for (let index = this.text.indexOf("\n"); index >= 0 && index < at; index = this.text.indexOf("\n", index + 1))
      line++;
    return line;
  }

  get atEnd(): boolean {
    this.skip();
    return this.at >= this.text.length;
  }

  /** White space, and comments as in C, C++ and shell. */
  skip(): void {
    const space = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*)*/y;
    space.lastIndex = this.at;
    space.exec(this.text);
    this.at = space.lastIndex;
  }

  /** Takes the next word if it fits the pattern. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    this.skip();
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = this.at;
    const match = sticky.exec(this.text);
    if (match === null) return undefined;
    this.at = sticky.lastIndex;
    return match;
  }

  /** Whether the next word fits, without taking it. */
  sees(pattern: RegExp): boolean {
    const { at } = this;
    const found = this.take(pattern) !== undefined;
    this.at = at;
    return found;
  }

  /** Takes a word that has to be there. @param what it is, for the error */
  need(pattern: RegExp, what: string): RegExpExecArray {
    return this.take(pattern) ?? this.fail(`expected ${what}`);
  }

  /** @throws ScriptError that names the place */
  fail(message: string): never {
    const { line } = this;
    const rest = this.text.slice(this.at).split("\n")[0]?.trim() ?? "";
    throw new ScriptError(line, `${message}${rest === "" ? ", but the script ends" : ` at "${rest.slice(0, 60)}"`}`);
  }
}
