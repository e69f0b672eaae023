/** Why a text is no filter: a code with parameters, the same in English, and which letters are to be marked. */
export interface FilterProblem {
  readonly code: FilterProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  /** What may have been meant in place of those letters. */
  readonly suggestion?: string;
}

const TEXTS = {
  "too-long": "a filter has at most {limit} letters",
  "too-deep": "it is nested more than {limit} deep",
  "too-many": "a set has at most {limit} elements",
  "unexpected-end": "something is missing at the end",
  unexpected: "“{text}” was not expected here",
  "unknown-sign": "“{text}” is no comparison",
  "open-string": "the closing quote is missing",
  "open-slice": "the closing bracket of a slice is missing",
  "bad-character": "{text} is no single character",
  "bad-slice": "“{text}” is no range of bytes",
  "unknown-field": "“{text}” is neither a field nor a protocol",
  "unknown-function": "there is no function “{text}”",
  "wrong-arguments": "{text}() takes another number of arguments",
  "wrong-argument": "{text}() takes {wants}",
  "function-alone": "a function is compared with something, not asked for alone",
  "left-literal": "on the left of “{operator}” stands a field or a function, not “{text}”",
  "not-sliced": "{name} has no bytes to cut a piece of",
  "not-contains": "{name} cannot contain anything: it is no text and no bytes",
  "not-matches": "{name} cannot match a pattern: it is no text and no bytes",
  "pattern-quoted": "a pattern stands in double quotes",
  "bad-pattern": "“{text}” is no regular expression",
  "not-ordered": "{name} has no value to compare",
  "not-computed": "{name} cannot be computed with “{operator}”",
  incompatible: "{left} and {right} are of different kinds",
  "no-such-value": "“{text}” is none of the values of {name}",
  "no-text-value": "{name} has no values with names: write it without quotes",
  "bad-number": "“{text}” is no number",
  "too-big": "{text} is too big for {name}, which has at most {limit}",
  "bad-bytes": "“{text}” is no row of bytes",
  "bad-address": "“{text}” is no address of the kind of {name}",
  "bad-prefix": "a prefix has at most {limit} bits",
  "bad-time": "“{text}” is no time; write it as “2026-01-31 12:34:56.789”",
  "bad-duration": "“{text}” is no number of seconds",
} as const;

export type FilterProblemCode = keyof typeof TEXTS;

/** A range of letters. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Thrown and caught within this folder only. */
export class Refused extends Error {
  readonly problem: FilterProblem;

  constructor(problem: FilterProblem) {
    super(problem.text);
    this.problem = problem;
  }
}

/** Ends the reading of a filter. */
export function refuse(code: FilterProblemCode, place: Place, params: FilterProblem["params"] = {}): never {
  const text = TEXTS[code].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ""));
  throw new Refused({ code, params, text, offset: place.offset, length: place.length });
}

/** What a piece of reading gives, or why it is refused. */
export function refusalOf<T>(read: () => T): { value: T } | { problem: FilterProblem } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.problem };
    throw error;
  }
}
