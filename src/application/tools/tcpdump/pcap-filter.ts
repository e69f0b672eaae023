import { PcapArithmetic } from "./pcap-arithmetic.ts";
import { primitiveOf, type Qualifiers } from "./pcap-primitives.ts";
import { PcapTokens } from "./pcap-tokens.ts";
import { type FrameTest, PcapFilterError, PROTOCOLS, type Protocol } from "./pcap-words.ts";

/** Parentheses and negations within each other. */
const DEPTH_LIMIT = 100;

/**
 * Reads a filter in pcap's language (pcap-filter(7)): hosts, nets, ports and protocols with their directions, `less` and
 * `greater`, comparisons of bytes (`tcp[tcpflags] & tcp-syn != 0`), `and`, `or`, `not`, parentheses. `and` and `or` bind
 * alike, from the left.
 * @param names addresses of the names in it, looked up before
 * @throws PcapFilterError
 */
export function parsePcapFilter(text: string, names: ReadonlyMap<string, readonly string[]> = new Map()): FrameTest {
  const tokens = new PcapTokens(text);
  if (tokens.peek === undefined) return () => true;
  const parser = new Parser(tokens, names);
  const test = parser.expression(0);
  if (tokens.peek !== undefined) throw new PcapFilterError(`syntax error at "${tokens.peek}"`);
  return test;
}

/** The words of a filter that stand where a host is named, and are none of its addresses. */
export function namesIn(text: string): string[] {
  const words = text.split(/[\s()!]+/);
  return [
    ...new Set(
      words.filter((word, index) => {
        const before = words[index - 1] ?? "";
        return /^[A-Za-z][\w.-]*$/.test(word) && /^(?:host|src|dst|or|and)$/.test(before) && !RESERVED.has(word);
      }),
    ),
  ];
}

const RESERVED: ReadonlySet<string> = new Set([
  ...["and", "or", "not", "host", "net", "port", "portrange", "proto", "src", "dst", "less", "greater", "len"],
  ...["broadcast", "multicast", "mask", "ip6", "rarp", ...PROTOCOLS],
]);

const DIRECTIONS = ["src", "dst"] as const;
const TYPES = ["host", "net", "port", "portrange", "proto"] as const;

class Parser {
  readonly #tokens: PcapTokens;
  readonly #names: ReadonlyMap<string, readonly string[]>;
  /** What a bare name or number is, as the one before was: `tcp port 80 or 443`. */
  #last: Qualifiers = {};

  constructor(tokens: PcapTokens, names: ReadonlyMap<string, readonly string[]>) {
    this.#tokens = tokens;
    this.#names = names;
  }

  expression(depth: number): FrameTest {
    let left = this.#factor(depth);
    for (;;) {
      const operator = this.#tokens.take("and", "&&", "or", "||");
      if (operator === undefined) return left;
      const [one, other] = [left, this.#factor(depth)];
      left =
        operator === "and" || operator === "&&"
          ? (frame) => one(frame) && other(frame)
          : (frame) => one(frame) || other(frame);
    }
  }

  #factor(depth: number): FrameTest {
    if (depth > DEPTH_LIMIT) throw new PcapFilterError("too many parentheses");
    if (this.#tokens.take("not", "!") !== undefined) {
      const test = this.#factor(depth + 1);
      return (frame) => !test(frame);
    }
    const comparison = new PcapArithmetic(this.#tokens).tryComparison();
    if (comparison !== undefined) return comparison;
    if (this.#tokens.take("(") !== undefined) {
      const test = this.expression(depth + 1);
      if (this.#tokens.take(")") === undefined) throw new PcapFilterError("a parenthesis is not closed");
      return test;
    }
    return this.#primitive();
  }

  #primitive(): FrameTest {
    const qualifiers = this.#qualifiers();
    const { protocol, direction, type } = qualifiers;
    const word = this.#tokens.peek;
    const isId = word !== undefined && !["and", "&&", "or", "||", ")", "not", "!"].includes(word);
    if (!isId) {
      if (protocol === undefined || direction !== undefined || type !== undefined)
        throw new PcapFilterError(word === undefined ? "the filter ends too early" : `syntax error at "${word}"`);
      this.#last = {};
      return primitiveOf({ protocol }, undefined, this.#names);
    }
    const isBare = protocol === undefined && direction === undefined && type === undefined;
    const used = isBare && !SINGLE.has(word) ? this.#last : qualifiers;
    const id = this.#tokens.next();
    if (SINGLE.has(id)) {
      const given = id === "less" || id === "greater" ? this.#tokens.next() : "";
      return primitiveOf(used, `${id} ${given}`.trim(), this.#names);
    }
    const mask = used.type === "net" && this.#tokens.take("mask") !== undefined ? ` mask ${this.#tokens.next()}` : "";
    this.#last = used;
    return primitiveOf(used, id + mask, this.#names);
  }

  #qualifiers(): Qualifiers {
    const protocol = this.#tokens.take(...PROTOCOLS) as Protocol | undefined;
    let direction: Qualifiers["direction"] = this.#tokens.take(...DIRECTIONS) as
      | (typeof DIRECTIONS)[number]
      | undefined;
    if (direction !== undefined) {
      const other = direction === "src" ? "dst" : "src";
      if (this.#tokens.takeAll("or", other)) direction = "either";
      else if (this.#tokens.takeAll("and", other)) direction = "both";
    }
    const type = this.#tokens.take(...TYPES) as Qualifiers["type"];
    return { protocol, direction, type };
  }
}

/** Identifiers that are a primitive by themselves. */
const SINGLE: ReadonlySet<string> = new Set(["broadcast", "multicast", "less", "greater"]);
