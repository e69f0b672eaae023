import { decodeLatin1 } from "../../base/latin1.ts";
import { Collected } from "./collect.ts";
import type { FieldTable } from "./fields.ts";
import type { Comparison } from "./lexer.ts";
import { type Compiled, compileOperand, type Places } from "./operands.ts";
import { Matcher } from "./pattern/matcher.ts";
import { refuse } from "./problem.ts";
import type { Condition, Operand, Quantifier } from "./syntax.ts";
import { bytesOf, type Constant, constantOf, indexOfBytes, type Kind, order, type Value } from "./values.ts";

/** Octets of a value that a pattern is looked for in. */
const MATCHED = 2 ** 18;

/** Whether a protocol stands in a frame's tree; undefined when that is not known. */
export type Facts = (protocol: string) => boolean | undefined;

/** A condition that is ready to be asked. */
export interface Predicate {
  readonly matches: (frame: Collected) => boolean;
  /** What can be said of a frame of which only the protocols are known: undefined when it has to be looked at. */
  readonly quick: (has: Facts) => boolean | undefined;
}

/** Checks a condition and makes it ready. @throws Refused */
export function compileCondition(condition: Condition, fields: FieldTable, places: Places): Predicate {
  const compile = (each: Condition): Predicate => compileCondition(each, fields, places);
  if (condition.kind === "not") {
    const of = compile(condition.of);
    return {
      matches: (frame) => !of.matches(frame),
      quick: (has) => {
        const known = of.quick(has);
        return known === undefined ? undefined : !known;
      },
    };
  }
  if (condition.kind === "present") return compilePresence(condition.operand, fields, places);
  if (condition.kind === "compare") return compileComparison(condition, fields, places);
  if (condition.kind === "member") return compileMembership(condition, fields, places);
  return joined(condition.kind, compile(condition.left), compile(condition.right));
}

function joined(kind: "and" | "or" | "xor", left: Predicate, right: Predicate): Predicate {
  if (kind === "xor") {
    return { matches: (frame) => left.matches(frame) !== right.matches(frame), quick: () => undefined };
  }
  const decisive = kind === "or";
  return {
    matches: decisive
      ? (frame) => left.matches(frame) || right.matches(frame)
      : (frame) => left.matches(frame) && right.matches(frame),
    quick: (has) => {
      const [one, other] = [left.quick(has), right.quick(has)];
      if (one === decisive || other === decisive) return decisive;
      return one === undefined || other === undefined ? undefined : !decisive;
    },
  };
}

/** The protocols without which an operand has no value. */
function protocolsOf(operand: Operand, fields: FieldTable): string[] {
  if (operand.kind === "field") return [fields.protocolOf(operand.name) ?? []].flat();
  if (operand.kind === "slice") return protocolsOf(operand.of, fields);
  if (operand.kind === "call") return operand.arguments.flatMap((each) => protocolsOf(each, fields));
  if (operand.kind === "arithmetic") return [operand.left, operand.right].flatMap((each) => protocolsOf(each, fields));
  return [];
}

/** False when a protocol is not there that is needed. */
const withoutProtocols = (operands: readonly Operand[], fields: FieldTable): Predicate["quick"] => {
  const needed = operands.flatMap((each) => protocolsOf(each, fields));
  return (has) => (needed.some((protocol) => has(protocol) === false) ? false : undefined);
};

function compilePresence(operand: Operand, fields: FieldTable, places: Places): Predicate {
  if (operand.kind === "literal") return refuse("unknown-field", operand, { text: operand.text });
  const compiled = compileOperand(operand, places);
  if (compiled.isCall === true) return refuse("function-alone", operand);
  if (operand.kind === "field") {
    const place = places.of(operand.name);
    const isProtocol = fields.isProtocol(operand.name) && operand.name !== "frame";
    return {
      matches: (frame) => (frame.lists[place]?.length ?? 0) > 0,
      quick: isProtocol ? (has) => has(operand.name) : withoutProtocols([operand], fields),
    };
  }
  const holds: (value: Value) => boolean =
    operand.kind === "slice"
      ? () => true
      : (value) => (value instanceof Uint8Array ? value.some((octet) => octet !== 0) : Number(value) !== 0);
  return {
    matches: (frame) => compiled.values(frame).some(holds),
    quick: withoutProtocols([operand], fields),
  };
}

function leftOf(operand: Operand, operator: string, places: Places): Compiled {
  if (operand.kind === "literal") return refuse("left-literal", operand, { operator, text: operand.text });
  const left = compileOperand(operand, places);
  if (left.kind === "none") refuse("not-ordered", operand, { name: left.name });
  return left;
}

function compileComparison(
  condition: Extract<Condition, { kind: "compare" }>,
  fields: FieldTable,
  places: Places,
): Predicate {
  const { operator, quantifier, right } = condition;
  const left = leftOf(condition.left, operator, places);
  const quick = withoutProtocols([condition.left, right], fields);
  const reads = operator === "contains" || operator === "matches";
  const test = reads ? containment(condition, left, places) : comparison(condition, left, places);
  const all = isForAll(operator, quantifier);
  if (test.rights === undefined) {
    const one = test.holds as (value: Value) => boolean;
    const matches = (frame: Collected): boolean => {
      const values = left.values(frame);
      return all ? values.length > 0 && values.every(one) : values.some(one);
    };
    return { matches, quick };
  }
  const { rights, holds } = test;
  const matches = (frame: Collected): boolean => {
    const [lefts, others] = [left.values(frame), rights(frame)];
    if (lefts.length === 0 || others.length === 0) return false;
    return all
      ? lefts.every((value) => others.every((other) => holds(value, other)))
      : lefts.some((value) => others.some((other) => holds(value, other)));
  };
  return { matches, quick };
}

/** `!=` and `===` are about all values of a frame; all others about any, unless told. */
function isForAll(operator: Comparison, quantifier: Quantifier): boolean {
  if (quantifier !== undefined) return quantifier === "all";
  return operator === "!=" || operator === "===";
}

/** How a value is tested: against a constant, or against each of the right side's values. */
interface Test {
  readonly holds: (value: Value, other: Value) => boolean;
  readonly rights?: (frame: Collected) => Value[];
}

const signs: Readonly<Record<Exclude<Comparison, "contains" | "matches">, (sign: number) => boolean>> = {
  "==": (sign) => sign === 0,
  "===": (sign) => sign === 0,
  "!=": (sign) => sign !== 0,
  "~=": (sign) => sign !== 0,
  ">": (sign) => sign > 0,
  ">=": (sign) => sign >= 0,
  "<": (sign) => sign < 0,
  "<=": (sign) => sign <= 0,
};

function comparison(condition: Extract<Condition, { kind: "compare" }>, left: Compiled, places: Places): Test {
  const accepts = signs[condition.operator as keyof typeof signs];
  const { right } = condition;
  if (right.kind === "literal") {
    const constant = constantOf(right, left);
    return { holds: (value) => accepts(orderTo(value, constant)) };
  }
  const other = compileOperand(right, places);
  if (!areComparable(left, other)) {
    const { offset, length } = condition.left;
    refuse(
      "incompatible",
      { offset, length: right.offset + right.length - offset || length },
      { left: left.name, right: other.name },
    );
  }
  return { holds: (value, each) => accepts(order(value, each)), rights: other.values };
}

function orderTo(value: Value, { value: wanted, mask }: Constant): number {
  if (mask === undefined) return order(value, wanted);
  return ((Number(value) & mask) >>> 0) - ((Number(wanted) & mask) >>> 0);
}

const NUMERIC: readonly Kind[] = ["number", "boolean"];

function areComparable(left: Compiled, right: Compiled): boolean {
  return left.kind === right.kind || (NUMERIC.includes(left.kind) && NUMERIC.includes(right.kind));
}

function containment(condition: Extract<Condition, { kind: "compare" }>, left: Compiled, places: Places): Test {
  const { operator, right } = condition;
  const isMatch = operator === "matches";
  const allowed: readonly Kind[] = isMatch ? ["string", "bytes"] : ["string", "bytes", "ether"];
  if (!allowed.includes(left.kind)) {
    refuse(isMatch ? "not-matches" : "not-contains", condition.left, { name: left.name });
  }
  if (isMatch) return { holds: patternTest(right) };
  if (right.kind === "literal") {
    if (left.kind === "string") return { holds: (value) => String(value).includes(right.text) };
    const wanted = bytesOf(right);
    return { holds: (value) => indexOfBytes(asBytes(value), wanted) >= 0 };
  }
  const other = compileOperand(right, places);
  if (other.kind !== left.kind) refuse("incompatible", right, { left: left.name, right: other.name });
  if (left.kind === "string")
    return { holds: (value, each) => String(value).includes(String(each)), rights: other.values };
  return { holds: (value, each) => indexOfBytes(asBytes(value), asBytes(each)) >= 0, rights: other.values };
}

/** Bytes, or those of a MAC address. */
function asBytes(value: Value): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const number = Number(value);
  return Uint8Array.from({ length: 6 }, (_, at) => Math.floor(number / 256 ** (5 - at)) % 256);
}

/** A regular expression, which asks for no case unless it says so itself. */
function patternTest(right: Operand): (value: Value) => boolean {
  if (right.kind !== "literal" || right.form !== "string") return refuse("pattern-quoted", right);
  const sensitive = right.text.startsWith("(?-i)");
  const source = right.text.replace(/^\(\?-?i\)/, "");
  const pattern = Matcher.of(source, !sensitive) ?? refuse("bad-pattern", right, { text: right.text });
  return (value) =>
    pattern.test(
      value instanceof Uint8Array
        ? decodeLatin1(value, 0, Math.min(value.length, MATCHED))
        : String(value).slice(0, MATCHED),
    );
}

function compileMembership(
  condition: Extract<Condition, { kind: "member" }>,
  fields: FieldTable,
  places: Places,
): Predicate {
  const left = leftOf(condition.left, "in", places);
  const constant = (operand: Operand): Constant => {
    if (operand.kind === "literal") return constantOf(operand, left);
    const compiled = compileOperand(operand, places);
    const [value] =
      operand.kind === "arithmetic" && protocolsOf(operand, fields).length === 0
        ? compiled.values(new Collected(new Map()))
        : [];
    return value === undefined ? refuse("unexpected", operand, { text: compiled.name }) : { value };
  };
  const elements = condition.elements.map(({ from, to }) => ({
    from: constant(from),
    to: to === undefined ? undefined : constant(to),
  }));
  const isIn = (value: Value): boolean =>
    elements.some(({ from, to }) =>
      to === undefined ? orderTo(value, from) === 0 : orderTo(value, from) >= 0 && orderTo(value, to) <= 0,
    );
  const all = condition.quantifier === "all";
  return {
    matches: (frame) => {
      const values = left.values(frame);
      return all ? values.length > 0 && values.every(isIn) : values.some(isIn);
    },
    quick: withoutProtocols([condition.left], fields),
  };
}
