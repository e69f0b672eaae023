import { CurlError, CurlExit } from "./curl-error.ts";

/** One URL of a pattern, and what stands in it for `#1`, `#2` … */
export interface Globbed {
  readonly url: string;
  readonly parts: readonly string[];
}

/** URLs that one pattern may come to. */
const GLOB_LIMIT = 100_000;

const RANGE = /^\[(?:(\d+)-(\d+)|([a-zA-Z])-([a-zA-Z]))(?::(\d+))?\]/;
const IPV6 = /^\[[0-9a-fA-F:]*:[0-9a-fA-F:.]*(%[^\]]*)?\]/;

/**
 * The URLs of a pattern: `{one,two}` is each of them, `[1-10]`, `[001-100:5]` and `[a-z]` are ranges; a backslash takes the
 * meaning away.
 * @throws CurlError 3 for a bad pattern
 */
export function expandGlob(pattern: string): Globbed[] {
  let found: { url: string; parts: string[] }[] = [{ url: "", parts: [] }];
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const [choices, length] = choicesOf(rest, at);
    if (found.length * choices.length > GLOB_LIMIT) throw bad("range overflow", at);
    const isPart = rest[0] === "{" || (rest[0] === "[" && length > 1 && !IPV6.test(rest));
    found = found.flatMap(({ url, parts }) =>
      choices.map((choice) => ({ url: url + choice, parts: isPart ? [...parts, choice] : parts })),
    );
    at += length;
  }
  return found;
}

/** What may stand at the beginning of the rest, and how much of it that takes. */
function choicesOf(rest: string, at: number): [string[], number] {
  const [first = ""] = rest;
  if (first === "\\" && /^\\[{}[\],]/.test(rest)) return [[rest[1] as string], 2];
  if (first === "{") {
    const end = rest.indexOf("}");
    if (end < 0) throw bad("unmatched brace", at);
    if (end === 1) throw bad("empty string within braces", at);
    return [rest.slice(1, end).split(","), end + 1];
  }
  if (first === "[") {
    const literal = IPV6.exec(rest)?.[0];
    if (literal !== undefined) return [[literal], literal.length];
    const match = RANGE.exec(rest);
    if (match === null) throw bad("bad range", at);
    return [rangeOf(match, at), match[0].length];
  }
  if (first === "}" || first === "]") throw bad("unmatched close brace/bracket", at);
  const plain = /^[^\\{}[\]]+|^\\/.exec(rest)?.[0] ?? first;
  return [[plain], plain.length];
}

function rangeOf([, low, high, from, to, by = "1"]: RegExpExecArray, at: number): string[] {
  const letters = from !== undefined && to !== undefined;
  const [start, end, step] = letters
    ? [from.charCodeAt(0), to.charCodeAt(0), Number(by)]
    : [Number(low), Number(high), Number(by)];
  if (step < 1 || start > end || (end - start) / step > GLOB_LIMIT) throw bad("bad range", at);
  const found: string[] = [];
  for (let n = start; n <= end; n += step) {
    found.push(letters ? String.fromCharCode(n) : `${n}`.padStart(low?.startsWith("0") ? low.length : 0, "0"));
  }
  return found;
}

const bad = (what: string, at: number): CurlError =>
  new CurlError(CurlExit.URL_MALFORMAT, `${what} in URL position ${at + 1}:`);

/** `#1` in the name of an output is what stands in the URL for the first part of its pattern. */
export function fillGlob(name: string, parts: readonly string[]): string {
  return name.replace(/#(\d+)/g, (written, digits: string) => parts[Number(digits) - 1] ?? written);
}
