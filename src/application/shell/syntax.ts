/** Parts of a word: letters as they stand, or the status of the last command (`$?`). */
export type Word = readonly (string | { readonly variable: "?" })[];

export interface Redirect {
  readonly kind: "<" | ">" | ">>" | "2>" | "2>>" | "2>&1";
  readonly target: Word;
}

export interface SimpleCommand {
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

/** Commands of which each reads what the one before writes. */
export type Pipeline = readonly SimpleCommand[];

/** Pipelines, each run or left out by how the one before has ended. */
export interface AndOr {
  readonly steps: readonly { readonly when: "always" | "&&" | "||"; readonly pipeline: Pipeline }[];
  readonly background: boolean;
  /** As it was typed. */
  readonly text: string;
}

type Token =
  | { readonly kind: "word"; readonly word: Word; readonly from: number; readonly to: number }
  | { readonly kind: "operator"; readonly operator: string; readonly from: number; readonly to: number };

/** @returns in a shell's words what is wrong */
export function parseLine(line: string): readonly AndOr[] | string {
  const tokens = tokensOf(line);
  return typeof tokens === "string" ? tokens : new Parser(line, tokens).parse();
}

/** What a word is when the last command has ended with a status. */
export const expand = (word: Word, status: number): string =>
  word.map((part) => (typeof part === "string" ? part : String(status))).join("");

const OPERATORS = /^(?:2>&1|2>>|2>|&&|\|\||>>|[;&|<>()])/;

function tokensOf(line: string): Token[] | string {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += /^[ \t]*/.exec(line.slice(at))?.[0].length ?? 0;
    if (at >= line.length || line[at] === "#") return tokens;
    const [operator] = OPERATORS.exec(line.slice(at)) ?? [];
    if (operator !== undefined) {
      tokens.push({ kind: "operator", operator, from: at, to: at + operator.length });
      at += operator.length;
      continue;
    }
    const read = readWord(line, at);
    if (typeof read === "string") return read;
    tokens.push({ kind: "word", word: read.word, from: at, to: read.to });
    at = read.to;
  }
}

/** Quotes and escapes as in a shell ("Shell Command Language" §2.2). */
function readWord(line: string, from: number): { word: Word; to: number } | string {
  const word: (string | { variable: "?" })[] = [];
  let text = "";
  let at = from;
  let quoted = false;
  const variable = (): void => {
    if (text !== "") word.push(text);
    text = "";
    word.push({ variable: "?" });
    at += 2;
  };
  while (at < line.length) {
    const character = line.charAt(at);
    if (quoted) {
      if (character === '"') {
        quoted = false;
        at++;
      } else if (character === "\\" && /^["\\$`]/.test(line.charAt(at + 1))) {
        text += line.charAt(at + 1);
        at += 2;
      } else if (line.startsWith("$?", at)) variable();
      else {
        text += character;
        at++;
      }
    } else if (/[ \t;&|<>()]/.test(character)) break;
    else if (character === "'") {
      const end = line.indexOf("'", at + 1);
      if (end < 0) return "unexpected end of line while looking for matching `''";
      text += line.slice(at + 1, end);
      at = end + 1;
    } else if (character === '"') {
      quoted = true;
      at++;
    } else if (character === "\\") {
      text += line.charAt(at + 1);
      at += 2;
    } else if (line.startsWith("$?", at)) variable();
    else {
      text += character;
      at++;
    }
  }
  if (quoted) return "unexpected end of line while looking for matching `\"'";
  if (text !== "" || word.length === 0) word.push(text);
  return { word, to: Math.min(at, line.length) };
}

class Parser {
  readonly #line: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(line: string, tokens: readonly Token[]) {
    this.#line = line;
    this.#tokens = tokens;
  }

  parse(): readonly AndOr[] | string {
    const items: AndOr[] = [];
    while (this.#next < this.#tokens.length) {
      const from = this.#tokens[this.#next]?.from ?? 0;
      const steps = this.#steps();
      if (typeof steps === "string") return steps;
      const end = this.#tokens[this.#next];
      const to = end?.from ?? this.#line.length;
      const operator = this.#operator();
      if (operator !== undefined && operator !== ";" && operator !== "&") return unexpected(operator);
      if (operator !== undefined) this.#next++;
      items.push({ steps, background: operator === "&", text: this.#line.slice(from, to).trim() });
    }
    return items;
  }

  #operator(): string | undefined {
    const token = this.#tokens[this.#next];
    return token?.kind === "operator" ? token.operator : undefined;
  }

  #steps(): AndOr["steps"] | string {
    const steps: AndOr["steps"][number][] = [];
    let when: "always" | "&&" | "||" = "always";
    for (;;) {
      const pipeline = this.#pipeline();
      if (typeof pipeline === "string") return pipeline;
      steps.push({ when, pipeline });
      const operator = this.#operator();
      if (operator !== "&&" && operator !== "||") return steps;
      when = operator;
      this.#next++;
    }
  }

  #pipeline(): Pipeline | string {
    const commands: SimpleCommand[] = [];
    for (;;) {
      const command = this.#command();
      if (typeof command === "string") return command;
      commands.push(command);
      if (this.#operator() !== "|") return commands;
      this.#next++;
    }
  }

  #command(): SimpleCommand | string {
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token?.kind === "word") {
        words.push(token.word);
        this.#next++;
        continue;
      }
      const kind = redirectOf(token?.operator);
      if (kind === undefined) {
        return words.length === 0 && redirects.length === 0 ? unexpected(token?.operator) : { words, redirects };
      }
      this.#next++;
      if (kind === "2>&1") {
        redirects.push({ kind, target: [] });
        continue;
      }
      const target = this.#tokens[this.#next];
      if (target?.kind !== "word") return unexpected(target?.operator);
      redirects.push({ kind, target: target.word });
      this.#next++;
    }
  }
}

const REDIRECTS = ["<", ">", ">>", "2>", "2>>", "2>&1"] as const;
const redirectOf = (operator: string | undefined): Redirect["kind"] | undefined =>
  REDIRECTS.find((each) => each === operator);

const unexpected = (operator: string | undefined): string =>
  `syntax error near unexpected token \`${operator ?? "newline"}'`;
