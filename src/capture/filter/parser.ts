import type { FieldTable } from "./fields.ts";
import { type Comparison, type Sign, type Token, tokensOf } from "./lexer.ts";
import { type Place, refuse } from "./problem.ts";
import type { ArithmeticOperator, Condition, Operand, Quantifier, SliceRange } from "./syntax.ts";

/** How deep parentheses and negations may be nested. */
const DEPTH = 100;
const SET_LIMIT = 1000;
const COMPARISONS = new Set(["==", "===", "!=", "~=", ">", ">=", "<", "<=", "contains", "matches"]);

/**
 * Reads a filter by Wireshark's grammar: `or` binds least, then `xor`, `and`, `not`; comparisons may be chained; `&` binds
 * less than `+` and `-`, and these less than `*`, `/` and `%`; braces group what is computed.
 */
export class Parser {
  readonly #tokens: readonly Token[];
  readonly #fields: FieldTable;
  #next = 0;
  #depth = 0;

  /** @throws Refused */
  constructor(text: string, fields: FieldTable) {
    this.#tokens = tokensOf(text);
    this.#fields = fields;
  }

  /** @returns undefined for an empty text, which is true of all @throws Refused */
  parse(): Condition | undefined {
    if (this.#isAtEnd) return undefined;
    const condition = this.#or();
    if (!this.#isAtEnd) this.#unexpected();
    return condition;
  }

  get #token(): Token {
    return this.#tokens[this.#next] as Token;
  }

  get #isAtEnd(): boolean {
    return this.#token.kind === "end";
  }

  #or(): Condition {
    return this.#joined("or", () => this.#joined("xor", () => this.#joined("and", () => this.#not())));
  }

  #joined(kind: "or" | "xor" | "and", part: () => Condition): Condition {
    let left = part();
    while (this.#takes(kind)) left = { kind, left, right: part() };
    return left;
  }

  #not(): Condition {
    if (this.#takes("not")) return { kind: "not", of: this.#nested(() => this.#not()) };
    if (!this.#takes("(")) return this.#relation();
    const inner = this.#nested(() => this.#or());
    this.#expect(")");
    return inner;
  }

  #relation(): Condition {
    const quantifier: Quantifier = this.#takes("any") ? "any" : this.#takes("all") ? "all" : undefined;
    let left = this.#bits();
    if (this.#takes("in")) return this.#member(quantifier, left);
    if (this.#isSign("not") && this.#tokens[this.#next + 1]?.text === "in") {
      this.#next += 2;
      return { kind: "not", of: this.#member(quantifier, left) };
    }
    let whole: Condition | undefined;
    for (let sign = this.#comparison(); sign !== undefined; sign = this.#comparison()) {
      const right = this.#bits();
      const operator = sign.text as Comparison;
      const one: Condition = { kind: "compare", quantifier, operator, sign, left, right };
      whole = whole === undefined ? one : { kind: "and", left: whole, right: one };
      left = right;
    }
    if (whole === undefined && quantifier !== undefined) this.#unexpected();
    return whole ?? { kind: "present", operand: left };
  }

  #comparison(): Token | undefined {
    const token = this.#token;
    if (token.kind !== "sign" || !COMPARISONS.has(token.text)) return undefined;
    this.#next++;
    return token;
  }

  #member(quantifier: Quantifier, left: Operand): Condition {
    this.#expect("{");
    const elements: { from: Operand; to?: Operand }[] = [];
    do {
      if (elements.length === SET_LIMIT) refuse("too-many", this.#token, { limit: SET_LIMIT });
      const from = this.#bits();
      elements.push(this.#takes("..") ? { from, to: this.#bits() } : { from });
    } while (this.#takes(","));
    this.#expect("}");
    return { kind: "member", quantifier, left, elements };
  }

  #bits(): Operand {
    return this.#computed(["&"], () =>
      this.#computed(["+", "-"], () => this.#computed(["*", "/", "%"], () => this.#operand())),
    );
  }

  #computed(operators: readonly ArithmeticOperator[], part: () => Operand): Operand {
    let left = part();
    for (;;) {
      const operator = operators.find((each) => this.#takes(each));
      if (operator === undefined) return left;
      const right = part();
      left = { kind: "arithmetic", operator, left, right, ...across(left, right) };
    }
  }

  #operand(): Operand {
    let operand = this.#simple();
    while (this.#token.kind === "slice") {
      const slice = this.#token;
      this.#next++;
      operand = { kind: "slice", of: operand, ranges: rangesOf(slice), ...across(operand, slice) };
    }
    return operand;
  }

  #simple(): Operand {
    const token = this.#token;
    const { offset, length, text } = token;
    if (this.#takes("{")) {
      const inner = this.#nested(() => this.#bits());
      this.#expect("}");
      return inner;
    }
    if (token.kind === "string" || token.kind === "character") {
      this.#next++;
      return { kind: "literal", text, form: token.kind, offset, length };
    }
    if (token.kind !== "word") this.#unexpected();
    this.#next++;
    if (this.#isSign("(")) return this.#call(token);
    const name = text.startsWith(".") ? text.slice(1) : text;
    const definitions = this.#fields.get(name);
    if (definitions !== undefined) return { kind: "field", name, definitions, offset, length };
    return { kind: "literal", text, form: "word", offset, length };
  }

  #call(name: Token): Operand {
    this.#expect("(");
    const found: Operand[] = [];
    if (!this.#isSign(")")) {
      do found.push(this.#nested(() => this.#bits()));
      while (this.#takes(","));
    }
    const place = across(name, this.#token);
    this.#expect(")");
    return { kind: "call", name: name.text, arguments: found, ...place };
  }

  #nested<T>(part: () => T): T {
    if (++this.#depth > DEPTH) refuse("too-deep", this.#token, { limit: DEPTH });
    const result = part();
    this.#depth--;
    return result;
  }

  #isSign(sign: Sign): boolean {
    return this.#token.kind === "sign" && this.#token.text === sign;
  }

  #takes(sign: Sign): boolean {
    if (!this.#isSign(sign)) return false;
    this.#next++;
    return true;
  }

  #expect(sign: Sign): void {
    if (!this.#takes(sign)) this.#unexpected();
  }

  #unexpected(): never {
    const token = this.#token;
    if (token.kind === "end") return refuse("unexpected-end", token);
    return refuse("unexpected", token, { text: token.text });
  }
}

const across = (first: Place, last: Place): Place => ({
  offset: first.offset,
  length: last.offset + last.length - first.offset,
});

/** Reads `2`, `2:3` (three octets from the third), `2-3`, `:3`, `2:`, and several with commas. */
function rangesOf(slice: Token): SliceRange[] {
  const bad = (): never =>
    slice.text.trim() === ""
      ? refuse("unexpected", { offset: slice.offset + slice.length - 1, length: 1 }, { text: "]" })
      : refuse("bad-slice", slice, { text: slice.text });
  return slice.text.split(",").map((text): SliceRange => {
    const [, one, colon, length, last] = /^\s*(-?\w+)?\s*(?:(:)\s*(\w+)?|-\s*(-?\w+))?\s*$/.exec(text) ?? bad();
    const number = (digits: string): number => {
      const value = Number(digits.replace("-", ""));
      if (!Number.isSafeInteger(value) || value > 2 ** 31) bad();
      return digits.startsWith("-") ? -value : value;
    };
    if (one === undefined) return length === undefined ? bad() : { from: 0, length: number(length) };
    const from = number(one);
    if (colon !== undefined) return length === undefined ? { from } : { from, length: number(length) };
    if (last === undefined) return { from, length: 1 };
    const to = number(last);
    if (to >= 0 !== from >= 0 || to < from) bad();
    return { from, length: to - from + 1 };
  });
}
