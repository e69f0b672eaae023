/** Where an assertion holds: at the edge of a word, or within or outside of one, not at its edge. */
export type Context = "start" | "end" | "edge" | "inside";

export type Pattern =
  | { readonly kind: "letter"; readonly accepts: (code: number) => boolean }
  | { readonly kind: "assert"; readonly context: Context }
  | { readonly kind: "sequence"; readonly parts: readonly Pattern[] }
  | { readonly kind: "either"; readonly parts: readonly Pattern[] }
  | { readonly kind: "repeat"; readonly of: Pattern; readonly least: number; readonly most: number };

/** How deep groups may be nested, and how often something may be repeated by number. */
const DEPTH = 100;
const REPEATS = 1_000;

type Range = readonly [from: number, to: number];
const DIGITS: readonly Range[] = [[48, 57]];
const WORD: readonly Range[] = [...DIGITS, [65, 90], [95, 95], [97, 122]];
const SPACE: readonly Range[] = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
];
const ALL: readonly Range[] = [[0, 0xffff]];
const CLASSES: Readonly<Record<string, readonly Range[]>> = {
  d: DIGITS,
  w: WORD,
  s: SPACE,
  D: complement(DIGITS),
  W: complement(WORD),
  S: complement(SPACE),
};
const POSIX: Readonly<Record<string, readonly Range[]>> = {
  alpha: WORD.filter(([from]) => from === 65 || from === 97),
  digit: DIGITS,
  alnum: WORD.filter(([from]) => from !== 95),
  upper: [[65, 90]],
  lower: [[97, 122]],
  space: [...SPACE.slice(0, 2)],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  graph: [[33, 126]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  xdigit: [...DIGITS, [65, 70], [97, 102]],
  word: WORD,
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27, 0: 0 };
const ASSERTIONS: Readonly<Record<string, Context>> = { b: "edge", B: "inside", A: "start", z: "end" };

export const isWord = (code: number): boolean => contains(WORD, code);

function contains(ranges: readonly Range[], code: number): boolean {
  for (const [from, to] of ranges) if (code >= from && code <= to) return true;
  return false;
}

function complement(ranges: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort((one, other) => one[0] - other[0])) {
    if (from > next) gaps.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= 0xffff) gaps.push([next, 0xffff]);
  return gaps;
}

/** The same letter in the other case, where that is one letter too. */
function otherCase(code: number): number {
  const letter = String.fromCharCode(code);
  const [upper, lower] = [letter.toUpperCase(), letter.toLowerCase()];
  const other = upper === letter ? lower : upper;
  return other.length === 1 ? other.charCodeAt(0) : code;
}

/**
 * Reads a regular expression: letters, `.`, classes, groups, `|`, repetitions, `^`, `$` and `\b`, as Perl and JavaScript write them.
 * What only a search that goes back could find is none: back references, looking ahead or behind, atomic groups.
 * @returns undefined for what is none
 */
export function readPattern(text: string, ignoresCase: boolean): Pattern | undefined {
  try {
    return new Reader(text, ignoresCase).read();
  } catch (error) {
    if (error instanceof BadPattern) return undefined;
    throw error;
  }
}

class BadPattern extends Error {}

class Reader {
  readonly #text: string;
  readonly #ignoresCase: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, ignoresCase: boolean) {
    this.#text = text;
    this.#ignoresCase = ignoresCase;
  }

  read(): Pattern {
    const pattern = this.#either();
    return this.#at < this.#text.length ? bad() : pattern;
  }

  #takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Takes what a pattern that is sticky finds here. */
  #takesMatch(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }

  #either(): Pattern {
    const parts: Pattern[] = [];
    do parts.push(this.#sequence());
    while (this.#takes("|"));
    return parts.length === 1 ? (parts[0] as Pattern) : { kind: "either", parts };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#at < this.#text.length && !/[|)]/.test(this.#text[this.#at] as string)) {
      parts.push(this.#repeated(this.#atom()));
    }
    return { kind: "sequence", parts };
  }

  #repeated(of: Pattern): Pattern {
    const found = this.#takesMatch(/(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y);
    if (found === undefined) return of;
    const [sign = "", first, comma, last] = found;
    // What is repeated already, as `a**`, or possessively, as `a*+`, is none.
    if (this.#takesMatch(/[*+?]|\{\d+,?\d*\}/y) !== undefined) return bad();
    const least = first === undefined ? (sign[0] === "+" ? 1 : 0) : Number(first);
    const open = first === undefined ? sign[0] !== "?" : comma === "," && last === "";
    const most = open ? Number.POSITIVE_INFINITY : first === undefined ? 1 : Number(last || first);
    if (least > REPEATS || most < least || (!open && most > REPEATS)) return bad();
    return { kind: "repeat", of, least, most };
  }

  #atom(): Pattern {
    if (this.#takes("(")) return this.#group();
    if (this.#takes("[")) return this.#class();
    if (this.#takes("^")) return { kind: "assert", context: "start" };
    if (this.#takes("$")) return { kind: "assert", context: "end" };
    if (this.#takes(".")) return this.#letter(ALL);
    if (this.#takes("\\")) return this.#escape();
    if (this.#takesMatch(/[*+?]|\{\d+,?\d*\}/y) !== undefined) return bad();
    return this.#letter([this.#own()]);
  }

  #group(): Pattern {
    if (this.#text[this.#at] === "?" && this.#takesMatch(/\?(?::|P?<[A-Za-z_]\w*>)/y) === undefined) return bad();
    if (++this.#depth > DEPTH) return bad();
    const inner = this.#either();
    if (!this.#takes(")")) return bad();
    this.#depth--;
    return inner;
  }

  #escape(): Pattern {
    const context = ASSERTIONS[this.#text[this.#at] ?? ""];
    if (context !== undefined) {
      this.#at++;
      return { kind: "assert", context };
    }
    return this.#letter(this.#escaped());
  }

  /** What stands behind a backslash, in a class or out of it. */
  #escaped(): readonly Range[] {
    const hex = this.#takesMatch(/x([\da-fA-F]{2})|x\{([\da-fA-F]{1,4})\}|u([\da-fA-F]{4})/y);
    if (hex !== undefined) return [single(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16))];
    const letter = this.#text[this.#at++];
    if (letter === undefined) return bad();
    const ranges = CLASSES[letter];
    if (ranges !== undefined) return ranges;
    const control = CONTROLS[letter];
    if (control !== undefined) return [single(control)];
    return /[\dA-Za-z]/.test(letter) ? bad() : [single(letter.charCodeAt(0))];
  }

  #own(): Range {
    return single(this.#text.charCodeAt(this.#at++));
  }

  #class(): Pattern {
    const negated = this.#takes("^");
    const ranges: Range[] = [];
    do {
      if (this.#at >= this.#text.length) return bad();
      const from = this.#member();
      const [first] = from;
      const isRange = from.length === 1 && first?.[0] === first?.[1] && this.#takesMatch(/-(?!\])/y) !== undefined;
      if (!isRange) {
        ranges.push(...from);
        continue;
      }
      const to = this.#member();
      const [last] = to;
      if (first === undefined || last === undefined || to.length > 1 || last[0] !== last[1]) return bad();
      if (last[0] < first[0]) return bad();
      ranges.push([first[0], last[0]]);
    } while (!this.#takes("]"));
    return this.#letter(ranges, negated);
  }

  #member(): readonly Range[] {
    const posix = this.#takesMatch(/\[:(\^?)(\w+):\]/y);
    if (posix !== undefined) {
      const named = POSIX[posix[2] ?? ""] ?? bad();
      return posix[1] === "^" ? complement(named) : named;
    }
    if (!this.#takes("\\")) return this.#at < this.#text.length ? [this.#own()] : bad();
    return this.#takes("b") ? [single(8)] : this.#escaped();
  }

  #letter(ranges: readonly Range[], negated = false): Pattern {
    const has = (code: number): boolean =>
      contains(ranges, code) || (this.#ignoresCase && contains(ranges, otherCase(code)));
    return { kind: "letter", accepts: negated ? (code) => !has(code) : has };
  }
}

const single = (code: number): Range => [code, code];

function bad(): never {
  throw new BadPattern();
}
