import { type Place, refuse } from "./problem.ts";
import { foreignSignAt } from "./suggestion.ts";

/** Letters of a filter. */
export const FILTER_LIMIT = 4096;

export type Comparison = "==" | "===" | "!=" | "~=" | ">" | ">=" | "<" | "<=" | "contains" | "matches";

/** What a word or a sign means, whichever way it is written. */
export type Sign =
  | Comparison
  | "and"
  | "or"
  | "xor"
  | "not"
  | "in"
  | "any"
  | "all"
  | "&"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "("
  | ")"
  | "{"
  | "}"
  | ","
  | "..";

export interface Token extends Place {
  /** `word`: a name, a number, an address …; `slice`: what stands between brackets. */
  readonly kind: "sign" | "word" | "string" | "character" | "slice" | "end";
  /** As it is written; of a string and a character what they stand for; of a sign what it means. */
  readonly text: string;
}

const SIGNS: readonly (readonly [string, Sign])[] = [
  ["===", "==="],
  ["!==", "~="],
  ["==", "=="],
  ["!=", "!="],
  ["~=", "~="],
  [">=", ">="],
  ["<=", "<="],
  ["&&", "and"],
  ["||", "or"],
  ["^^", "xor"],
  ["..", ".."],
  ["~", "matches"],
  [">", ">"],
  ["<", "<"],
  ["!", "not"],
  ["&", "&"],
  ["+", "+"],
  ["-", "-"],
  ["*", "*"],
  ["/", "/"],
  ["%", "%"],
  ["(", "("],
  [")", ")"],
  ["{", "{"],
  ["}", "}"],
  [",", ","],
];

const WORDS: ReadonlyMap<string, Sign> = new Map([
  ["eq", "=="],
  ["any_eq", "=="],
  ["all_eq", "==="],
  ["ne", "!="],
  ["all_ne", "!="],
  ["any_ne", "~="],
  ["gt", ">"],
  ["ge", ">="],
  ["lt", "<"],
  ["le", "<="],
  ["contains", "contains"],
  ["matches", "matches"],
  ["and", "and"],
  ["or", "or"],
  ["xor", "xor"],
  ["not", "not"],
  ["in", "in"],
  ["any", "any"],
  ["all", "all"],
  ["bitand", "&"],
  ["bitwise_and", "&"],
] as const);

/** A name, a number, an address with or without a prefix's length, a row of bytes. It ends before a range's two dots. */
const WORD = /(?:[\d.]+\/\d+|[\da-fA-F:]*:[\da-fA-F:.]*\/\d+|(?:(?!\.\.)[\w.:]|(?<=[\w])-(?=\w))+)/y;
const NUMBER_AHEAD = /-[\d.]/y;

/**
 * Cuts a filter into its words and signs; the last token is the `end`.
 * @throws Refused
 */
export function tokensOf(text: string): Token[] {
  if (text.length > FILTER_LIMIT) refuse("too-long", { offset: FILTER_LIMIT, length: 1 }, { limit: FILTER_LIMIT });
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at] as string)) {
      at++;
      continue;
    }
    const token = tokenAt(text, at, tokens[tokens.length - 1]);
    tokens.push(token);
    at += token.length;
  }
  tokens.push({ kind: "end", text: "", offset: text.length, length: 0 });
  return tokens;
}

/** Whether what comes next continues this: then a minus is one, and no beginning of a number. */
const isOperand = (token: Token | undefined): boolean =>
  token !== undefined && (token.kind !== "sign" || token.text === ")" || token.text === "}");

function tokenAt(text: string, offset: number, before: Token | undefined): Token {
  const letter = text[offset] as string;
  if (letter === '"') return stringAt(text, offset, offset + 1, false);
  if ((letter === "r" || letter === "R") && text[offset + 1] === '"') return stringAt(text, offset, offset + 2, true);
  if (letter === "'") return characterAt(text, offset);
  if (letter === "[") {
    const end = text.indexOf("]", offset);
    if (end < 0) refuse("open-slice", { offset, length: text.length - offset });
    return { kind: "slice", text: text.slice(offset + 1, end), offset, length: end + 1 - offset };
  }
  NUMBER_AHEAD.lastIndex = offset;
  const negative = NUMBER_AHEAD.test(text) && !isOperand(before);
  WORD.lastIndex = negative ? offset + 1 : offset;
  let word = (negative ? "-" : "") + (WORD.exec(text)?.[0] ?? "");
  if (word.length > 1 && word.endsWith(".")) word = word.slice(0, -1);
  if (word !== "" && word !== "-" && word !== "." && word !== ":") {
    const sign = WORDS.get(word);
    if (sign !== undefined) return { kind: "sign", text: sign, offset, length: word.length };
    return { kind: "word", text: word, offset, length: word.length };
  }
  const foreign = foreignSignAt(text, offset);
  if (foreign !== undefined) refuse("unknown-sign", { offset, length: foreign.length }, { text: foreign });
  const found = SIGNS.find(([written]) => text.startsWith(written, offset));
  if (found === undefined) refuse("unexpected", { offset, length: 1 }, { text: letter });
  return { kind: "sign", text: found[1], offset, length: found[0].length };
}

function stringAt(text: string, offset: number, from: number, raw: boolean): Token {
  let value = "";
  for (let at = from; at < text.length; ) {
    const letter = text[at] as string;
    if (letter === '"') return { kind: "string", text: value, offset, length: at + 1 - offset };
    if (letter === "\\" && at + 1 < text.length) {
      const [meant, length] = raw ? [text.slice(at, at + 2), 2] : escaped(text, at);
      value += meant;
      at += length;
    } else {
      value += letter;
      at++;
    }
  }
  return refuse("open-string", { offset, length: text.length - offset });
}

function characterAt(text: string, offset: number): Token {
  const end = /'(?:\\.|[^'\\])*'/y;
  end.lastIndex = offset;
  const written = end.exec(text)?.[0];
  if (written === undefined) return refuse("open-string", { offset, length: text.length - offset });
  const [value, length] = written[1] === "\\" ? escaped(written, 1) : [written[1] as string, 1];
  if (length !== written.length - 2) refuse("bad-character", { offset, length: written.length }, { text: written });
  return { kind: "character", text: value, offset, length: written.length };
}

const ESCAPES: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** What a backslash and the letters behind it stand for, and how many they are. */
function escaped(text: string, at: number): [meant: string, length: number] {
  const hex = /^\\x([\da-fA-F]{1,2})/.exec(text.slice(at, at + 4));
  if (hex !== null) return [String.fromCharCode(Number.parseInt(hex[1] as string, 16)), hex[0].length];
  const octal = /^\\([0-7]{1,3})/.exec(text.slice(at, at + 4));
  if (octal !== null) return [String.fromCharCode(Number.parseInt(octal[1] as string, 8) & 255), octal[0].length];
  const letter = text[at + 1] as string;
  return [ESCAPES[letter] ?? letter, 2];
}
