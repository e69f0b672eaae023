import { escaped } from "../capture/dissect/field-text.ts";
import type { LogLine } from "../network/programs.ts";
import { plain } from "./plain.ts";
import type { LogEntry } from "./protocol/methods.ts";

/** Lines of programs that are kept; then the oldest go. */
export const LINES_LIMIT = 10_000;

/** What programs have logged, numbered from 0. */
export class LogLines {
  #lines: LogEntry[] = [];
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

  add({ at, host, program, run, code, parameters, text }: LogLine): void {
    // What a program says may be what a packet told it.
    const params = plain(parameters) as LogEntry["params"];
    const line = { at, host, program, ...(run !== undefined && { run }), code, params, text: escaped(text) };
    this.#lines.push({ n: this.next, ...line });
    this.onLine();
    if (this.#lines.length < 2 * LINES_LIMIT) return;
    this.#lines = this.#lines.slice(LINES_LIMIT);
    this.#first += LINES_LIMIT;
  }

  /** Lines from a number on, or from the first that is kept; at most so many. */
  from(from: number, count: number): readonly LogEntry[] {
    const start = Math.max(0, from - this.#first);
    return this.#lines.slice(start, start + count);
  }
}
