import { escaped } from "../capture/dissect/field-text.ts";
import type { LogLine } from "../network/programs.ts";
import { plain } from "./plain.ts";
import type { LogEntry } from "./protocol/methods.ts";

/** Lines of programs that are kept; then the oldest go. */
export const LINES_LIMIT = 10_000;

/** What programs have logged, numbered from 0. Lines are kept as they come, and made fit to be told when somebody asks for them. */
export class LogLines {
  #lines: LogLine[] = [];
  #first = 0;
  /** Called when a line has come. */
  onLine: () => void = () => {};

  /** The number of the oldest line that is kept, and of the next that comes. */
  get first(): number {
    return this.#first;
  }

  get next(): number {
    return this.#first + this.#lines.length;
  }

  add(line: LogLine): void {
    this.#lines.push(line);
    this.onLine();
    if (this.#lines.length < 2 * LINES_LIMIT) return;
    this.#lines = this.#lines.slice(LINES_LIMIT);
    this.#first += LINES_LIMIT;
  }

  /** Lines from a number on, or from the first that is kept; at most so many. */
  from(from: number, count: number): readonly LogEntry[] {
    const start = Math.max(0, from - this.#first);
    return this.#lines.slice(start, start + count).map((line, index) => entry(this.#first + start + index, line));
  }
}

/** What a program says may be what a packet told it. */
function entry(n: number, { at, host, program, run, code, parameters, text }: LogLine): LogEntry {
  const params = plain(parameters) as LogEntry["params"];
  return { n, at, host, program, ...(run !== undefined && { run }), code, params, text: escaped(text) };
}
