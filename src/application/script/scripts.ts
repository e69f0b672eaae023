import type { ProgramContext } from "../program.ts";

/** A program as a person wrote it, in TypeScript or JavaScript: an ES module. */
export interface Script {
  /** As errors name it: `"time-server.ts"`. */
  readonly name: string;
  readonly source: string;
}

/** Runs programs that people write, who need not be trusted. Not every engine has one. */
export interface Scripts {
  /**
   * Runs a script until it ends, or until the context's signal aborts.
   * @throws ScriptError when it fails, or does more than it may; the signal's reason when that aborts
   */
  run(script: Script, context: ScriptContext): Promise<void>;
}

/** What a script is given of what a program is. */
export type ScriptContext = Pick<ProgramContext, "sockets" | "names" | "clock" | "random" | "signal" | "work"> & {
  /** Takes a line that it has written. */
  readonly output: (line: string, level: ScriptLevel) => void;
};

/** Whether a line is of `console.error` or `console.warn`, or of another of the console's calls. */
export type ScriptLevel = "output" | "error";

/** Why a script has ended before its own end. */
export type ScriptErrorCode =
  /** It is no TypeScript. */
  | "syntax"
  /** It threw something that nobody caught. */
  | "uncaught"
  /** It waits for what nothing can bring any more. */
  | "waits-forever"
  /** It computed too long without waiting for anything. */
  | "computing"
  /** Its calls were nested too deep. */
  | "recursion"
  | "memory"
  /** It wrote too many lines in a time. */
  | "log-flood"
  | "sockets"
  /** Too many timers, or calls that wait, or bytes that wait to be sent. */
  | "waiting"
  /** It took too much of the machine's time. */
  | "wall-time";

/** A script that has failed, or was stopped. */
export class ScriptError extends Error {
  override name = "ScriptError";
  readonly code: ScriptErrorCode;
  /** Where in the text that was written, both from 1; undefined where that is not known. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  /** @param what for people @param script its name, which goes before the place */
  constructor(code: ScriptErrorCode, what: string, script: string, line?: number, column?: number) {
    super(line === undefined ? what : `${script}:${line}${column === undefined ? "" : `:${column}`}: ${what}`);
    this.code = code;
    this.line = line;
    this.column = column;
  }
}
