import type { PcapTokens } from "./pcap-tokens.ts";
import {
  type Frame,
  type FrameTest,
  headerOf,
  NUMBERS,
  PcapFilterError,
  PROTOCOLS,
  type Protocol,
} from "./pcap-words.ts";

/** A number of a frame; undefined where the frame does not have it. */
type Value = (frame: Frame) => number | undefined;
type Operation = (left: number, right: number) => number | undefined;

const RELATIONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "=": (left, right) => left === right,
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

/** Operations on unsigned numbers of 32 bits, the weakest first. */
const LEVELS: readonly Readonly<Record<string, Operation>>[] = [
  { "|": (left, right) => (left | right) >>> 0 },
  { "^": (left, right) => (left ^ right) >>> 0 },
  { "&": (left, right) => (left & right) >>> 0 },
  {
    "<<": (left, right) => (right > 31 ? 0 : (left << right) >>> 0),
    ">>": (left, right) => (right > 31 ? 0 : left >>> right),
  },
  { "+": (left, right) => (left + right) >>> 0, "-": (left, right) => (left - right) >>> 0 },
  {
    "*": (left, right) => Math.imul(left, right) >>> 0,
    "/": (left, right) => (right === 0 ? undefined : Math.floor(left / right)),
    "%": (left, right) => (right === 0 ? undefined : left % right),
  },
];

const DEPTH_LIMIT = 100;

/** Comparisons of numbers and bytes: `ip[8] < 5`, `len > 100`, `tcp[tcpflags] & (tcp-syn|tcp-fin) != 0`. */
export class PcapArithmetic {
  readonly #tokens: PcapTokens;

  constructor(tokens: PcapTokens) {
    this.#tokens = tokens;
  }

  /** @returns undefined, and takes nothing, where no comparison stands @throws PcapFilterError for a broken one */
  tryComparison(): FrameTest | undefined {
    const { place } = this.#tokens;
    const left = this.#value(0, 0);
    const relation = left === undefined ? undefined : RELATIONS[this.#tokens.peek ?? ""];
    if (left === undefined || relation === undefined) {
      this.#tokens.back(place);
      return undefined;
    }
    this.#tokens.next();
    const right = this.#value(0, 0);
    if (right === undefined) throw new PcapFilterError(`a number is missing at "${this.#tokens.peek ?? "the end"}"`);
    return (frame) => {
      const [one, other] = [left(frame), right(frame)];
      return one !== undefined && other !== undefined && relation(one, other);
    };
  }

  #value(level: number, depth: number): Value | undefined {
    const operations = LEVELS[level];
    if (operations === undefined) return this.#operand(depth);
    let left = this.#value(level + 1, depth);
    while (left !== undefined) {
      const operation = operations[this.#tokens.peek ?? ""];
      if (operation === undefined) return left;
      this.#tokens.next();
      const [one, other] = [left, this.#value(level + 1, depth)];
      if (other === undefined) return undefined;
      left = (frame) => {
        const [a, b] = [one(frame), other(frame)];
        return a === undefined || b === undefined ? undefined : operation(a, b);
      };
    }
    return undefined;
  }

  #operand(depth: number): Value | undefined {
    if (depth > DEPTH_LIMIT) return undefined;
    const word = this.#tokens.next();
    if (word === "(") {
      const value = this.#value(0, depth + 1);
      return this.#tokens.take(")") === undefined ? undefined : value;
    }
    if (word === "len") return (frame) => frame.length;
    const number = /^(?:0x[0-9a-f]+|\d+)$/i.test(word) ? Number(word) : NUMBERS[word];
    if (number !== undefined && Object.hasOwn(NUMBERS, word) === !/^\d/.test(word)) return () => number >>> 0;
    return PROTOCOLS.includes(word as Protocol) ? this.#bytes(word as Protocol, depth) : undefined;
  }

  /** `[place]` or `[place:size]` behind a protocol. */
  #bytes(protocol: Protocol, depth: number): Value | undefined {
    if (this.#tokens.take("[") === undefined) return undefined;
    const place = this.#value(0, depth + 1);
    const size = this.#tokens.take(":") === undefined ? 1 : Number(this.#tokens.next());
    if (place === undefined || ![1, 2, 4].includes(size) || this.#tokens.take("]") === undefined) {
      throw new PcapFilterError(
        `bytes are written ${protocol}[place] or ${protocol}[place:size], with a size of 1, 2 or 4`,
      );
    }
    return (frame) => {
      const begin = headerOf(frame, protocol);
      const at = place(frame);
      return begin < 0 || at === undefined ? undefined : frame.read(begin + at, size);
    };
  }
}
