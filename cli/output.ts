import type { Instant } from "../src/index.ts";

/** What a person reads: on standard output, or on standard error where that is for a machine. */
export class Output {
  readonly #stream: NodeJS.WriteStream;
  /** Takes whole lines in place of the stream: a prompt, above which they come. */
  through: ((lines: string) => void) | undefined;

  constructor(toError: boolean) {
    this.#stream = toError ? process.stderr : process.stdout;
  }

  say(text: string): void {
    this.#write(`${printableLines(text)}\n`);
  }

  /** A line of a program's log. What came over a network may hold anything, and a terminal obeys control characters. */
  log(at: Instant, where: string, who: string, text: string): void {
    const time = (at / 1e9).toFixed(6).padStart(13);
    this.#write(`${time}  ${where.padEnd(10)} ${who.padEnd(14)} ${printable(text)}\n`);
  }

  #write(lines: string): void {
    if (this.through === undefined) this.#stream.write(lines);
    else this.through(lines);
  }
}

/** The same for a text of several lines, such as what a network file says, which nobody has to trust. */
export const printableLines = (text: string): string => text.split("\n").map(printable).join("\n");

/** A text whose control characters are written as escapes. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code === 10 ? "\\n" : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** A count of things, in words: `"1 device"`, `"2 devices"`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;
