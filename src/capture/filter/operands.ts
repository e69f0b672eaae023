import type { FieldDefinition, Found } from "../dissect/field.ts";
import type { Collected } from "./collect.ts";
import { refuse } from "./problem.ts";
import type { ArithmeticOperator, Operand, SliceRange } from "./syntax.ts";
import { bytesOf, constantOf, KINDS, type Kind, order, type Value, type Wanted } from "./values.ts";

/** An operand whose kind is known. */
export interface Compiled extends Wanted {
  readonly kind: Kind;
  /** All its values in a frame. */
  readonly values: (frame: Collected) => Value[];
  /** Octets that each stands for, where it is a field. */
  readonly lengths?: (frame: Collected) => number[];
  readonly isCall?: true;
}

/** Gives each field that a filter asks for its place among what is collected. */
export class Places {
  readonly byName = new Map<string, number>();

  of(name: string): number {
    let place = this.byName.get(name);
    if (place === undefined) {
      place = this.byName.size;
      this.byName.set(name, place);
    }
    return place;
  }
}

const encoder = new TextEncoder();

/** Checks an operand, which is no literal. @throws Refused */
export function compileOperand(operand: Exclude<Operand, { kind: "literal" }>, places: Places): Compiled {
  if (operand.kind === "field") return compileField(operand.name, operand.definitions, places);
  if (operand.kind === "slice") return compileSlice(operand, places);
  if (operand.kind === "call") return compileCall(operand, places);
  return compileArithmetic(operand, places);
}

/** An operand that stands where a literal says nothing. */
function needed(operand: Operand, places: Places): Compiled {
  if (operand.kind === "literal") return refuse("unknown-field", operand, { text: operand.text });
  return compileOperand(operand, places);
}

function compileField(name: string, definitions: readonly FieldDefinition[], places: Places): Compiled {
  const place = places.of(name);
  const kinds = new Set(definitions.map(({ type }) => KINDS[type]));
  kinds.delete("none");
  const kind = (kinds.values().next().value ?? "none") as Kind;
  const fields = (frame: Collected): Found[] => frame.lists[place] as Found[];
  return {
    kind,
    name,
    definitions,
    values: (frame) => {
      const values: Value[] = [];
      for (const field of fields(frame)) {
        const value = fieldValue(field, kind, frame);
        if (value !== undefined) values.push(value);
      }
      return values;
    },
    lengths: (frame) => fields(frame).map(({ length }) => length),
  };
}

function fieldValue(field: Found, kind: Kind, frame: Collected): Value | undefined {
  const { value } = field;
  if (kind === "bytes" && (value === undefined || field.definition.type === "protocol")) return frame.bytes(field);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (kind === "ipv4" && typeof value === "number") return value >>> 0;
  return value;
}

const MAC_LENGTH = 6;

/** The bytes of a value that has some. */
function toBytes(value: Value, kind: Kind): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return encoder.encode(value);
  const length = kind === "ipv4" ? 4 : MAC_LENGTH;
  let rest = Number(value);
  const bytes = new Uint8Array(length);
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

const HAS_BYTES: readonly Kind[] = ["bytes", "string", "ether", "ipv4", "ipv6"];

function compileSlice(operand: Extract<Operand, { kind: "slice" }>, places: Places): Compiled {
  const of = needed(operand.of, places);
  if (!HAS_BYTES.includes(of.kind)) refuse("not-sliced", operand.of, { name: of.name });
  return {
    kind: "bytes",
    name: of.name,
    definitions: [],
    values: (frame) =>
      of.values(frame).flatMap((value) => {
        const piece = cut(toBytes(value, of.kind), operand.ranges);
        return piece === undefined ? [] : [piece];
      }),
  };
}

/** The bytes of the ranges, one behind the other; undefined when one begins past the end. */
function cut(bytes: Uint8Array, ranges: readonly SliceRange[]): Uint8Array | undefined {
  const pieces: number[] = [];
  for (const { from, length } of ranges) {
    const start = from < 0 ? bytes.length + from : from;
    if (start < 0 || start >= bytes.length) return undefined;
    const end = length === undefined ? bytes.length : Math.min(bytes.length, start + length);
    for (let at = start; at < end; at++) pieces.push(bytes[at] as number);
  }
  return Uint8Array.from(pieces);
}

const mapped = (of: Compiled, change: (value: Value) => Value): ((frame: Collected) => Value[]) => {
  return (frame) => of.values(frame).map(change);
};

const extreme =
  (of: Compiled, sign: number) =>
  (frame: Collected): Value[] => {
    const values = of.values(frame);
    return values.length === 0 ? [] : [values.reduce((best, each) => (order(each, best) * sign > 0 ? each : best))];
  };

const NUMBERS: readonly Kind[] = ["number", "double", "duration", "boolean"];
const TEXT = "a field that is a text";

type Call = Extract<Operand, { kind: "call" }>;

/** Functions: what they take, and what they make of it. */
const FUNCTIONS: Readonly<Record<string, (of: Compiled, call: Call) => Partial<Compiled> & Pick<Compiled, "values">>> =
  {
    len: (of) => ({
      kind: "number",
      values: (frame) => of.lengths?.(frame) ?? of.values(frame).map((value) => toBytes(value, of.kind).length),
    }),
    count: (of, call) => {
      if (of.lengths === undefined) refuse("wrong-argument", call, { text: "count", wants: "a field" });
      return { kind: "number", values: (frame) => [of.lengths?.(frame).length ?? 0].filter((count) => count > 0) };
    },
    lower: (of, call) => {
      if (of.kind !== "string") refuse("wrong-argument", call, { text: "lower", wants: TEXT });
      return { kind: "string", values: mapped(of, (value) => String(value).toLowerCase()) };
    },
    upper: (of, call) => {
      if (of.kind !== "string") refuse("wrong-argument", call, { text: "upper", wants: TEXT });
      return { kind: "string", values: mapped(of, (value) => String(value).toUpperCase()) };
    },
    string: (of, call) => {
      if (!["number", "boolean", "ipv4", "ether", "double"].includes(of.kind)) {
        refuse("wrong-argument", call, { text: "string", wants: "a number or an address" });
      }
      return { kind: "string", values: mapped(of, (value) => written(value, of.kind)) };
    },
    max: (of) => ({ kind: of.kind, values: extreme(of, 1) }),
    min: (of) => ({ kind: of.kind, values: extreme(of, -1) }),
    abs: (of, call) => {
      if (!NUMBERS.includes(of.kind)) refuse("wrong-argument", call, { text: "abs", wants: "a number" });
      return { kind: of.kind, values: mapped(of, (value) => (order(value, 0) < 0 ? -(value as number) : value)) };
    },
  };

function compileCall(call: Call, places: Places): Compiled {
  const make = Object.hasOwn(FUNCTIONS, call.name) ? FUNCTIONS[call.name] : undefined;
  if (make === undefined) return refuse("unknown-function", call, { text: call.name });
  const [argument] = call.arguments;
  if (argument === undefined || call.arguments.length > 1) return refuse("wrong-arguments", call, { text: call.name });
  const of = needed(argument, places);
  return { kind: of.kind, name: `${call.name}()`, definitions: [], isCall: true, ...make(of, call) };
}

/** As Wireshark's columns have it. */
function written(value: Value, kind: Kind): string {
  if (kind === "ipv4") return [...toBytes(value, kind)].join(".");
  if (kind === "ether") return Array.from(toBytes(value, kind), (each) => each.toString(16).padStart(2, "0")).join(":");
  if (kind === "boolean") return value === 0 ? "False" : "True";
  return String(value);
}

/** Values of a computation: of fields that stand several times in a frame it has one for each pair. */
const RESULTS_LIMIT = 256;

function compileArithmetic(operand: Extract<Operand, { kind: "arithmetic" }>, places: Places): Compiled {
  const { operator, left, right } = operand;
  if (left.kind === "literal" && right.kind === "literal") return constantArithmetic(operand);
  const leads = left.kind === "literal" ? right : left;
  const first = needed(leads, places);
  const bytes = first.kind === "bytes" && operator === "&";
  if (!bytes && !["number", "double", "duration"].includes(first.kind)) {
    refuse("not-computed", operand, { name: first.name, operator });
  }
  const side = (each: Operand): ((frame: Collected) => Value[]) => {
    if (each.kind === "literal") {
      const { value } = bytes ? { value: bytesOf(each) } : constantOf(each, { ...first, definitions: [] });
      return () => [value];
    }
    // Once: compiled again at each level, a long sum would double with each of its terms.
    const compiled = each === leads ? first : compileOperand(each, places);
    if (compiled.kind !== first.kind) refuse("incompatible", operand, { left: first.name, right: compiled.name });
    return compiled.values;
  };
  const [one, other] = [side(left), side(right)];
  return {
    kind: first.kind,
    name: first.name,
    definitions: [],
    values: (frame) => {
      const rights = other(frame).slice(0, RESULTS_LIMIT);
      const found = one(frame).flatMap((a) =>
        rights.map((b) => computed(a, operator, b)).filter((value) => value !== undefined),
      );
      return found.length > RESULTS_LIMIT ? found.slice(0, RESULTS_LIMIT) : found;
    },
  };
}

/** `79 + 1` */
function constantArithmetic(operand: Extract<Operand, { kind: "arithmetic" }>): Compiled {
  const { operator } = operand;
  const number = (each: Operand): Value =>
    each.kind === "literal"
      ? constantOf(each, { kind: "number", name: "a number", definitions: [] }).value
      : refuse("unexpected", each, { text: "" });
  const value = computed(number(operand.left), operator, number(operand.right));
  const values = value === undefined ? [] : [value];
  return { kind: "number", name: "a number", definitions: [], values: () => values };
}

/** Undefined for a division by zero. */
function computed(a: Value, operator: ArithmeticOperator, b: Value): Value | undefined {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return Uint8Array.from({ length: Math.min(a.length, b.length) }, (_, at) => (a[at] as number) & (b[at] as number));
  }
  if (typeof a === "bigint" || typeof b === "bigint" || operator === "&") {
    if (!isWhole(a) || !isWhole(b)) return undefined;
    const whole = computedWhole(BigInt(a as number), operator, BigInt(b as number));
    const number = Number(whole);
    return whole === undefined || !Number.isSafeInteger(number) ? whole : number;
  }
  if (typeof a !== "number" || typeof b !== "number") return undefined;
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  if (operator === "*") return a * b;
  if (b === 0) return undefined;
  return operator === "/" ? (Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b) : a % b;
}

const isWhole = (value: Value): boolean => typeof value === "bigint" || Number.isInteger(value);

function computedWhole(a: bigint, operator: ArithmeticOperator, b: bigint): bigint | undefined {
  if (operator === "&") return a & b;
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  if (operator === "*") return a * b;
  if (b === 0n) return undefined;
  return operator === "/" ? a / b : a % b;
}
