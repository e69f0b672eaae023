import type { ScriptLevel } from "../../application/script/scripts.ts";
import { Allowance } from "./allowance.ts";
import { LINE_LIMIT, LINES_AT_ONCE, LINES_PER_SECOND, OUTPUT_LIMIT } from "./limits.ts";

/** Cuts what a script writes into lines, and counts them. */
export class ScriptOutput {
  readonly #write: (line: string, level: ScriptLevel) => void;
  readonly #lines = new Allowance(LINES_AT_ONCE, LINES_PER_SECOND);

  constructor(write: (line: string, level: ScriptLevel) => void) {
    this.#write = write;
  }

  /** @returns false when it has written too many lines */
  write(now: number, text: string, level: ScriptLevel): boolean {
    for (const line of text.slice(0, OUTPUT_LIMIT).split("\n")) {
      if (!this.#lines.take(now, 1)) return false;
      this.#write(line.length > LINE_LIMIT ? `${line.slice(0, LINE_LIMIT)}…` : line, level);
    }
    return true;
  }
}
