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

/** A condition that is ready to be asked. */
export interface Predicate {
  readonly matches: (frame: Collected) => boolean;
  /** What can be said of a frame that is only glanced at: undefined when it has to be dissected. */
  readonly quick: (frame: Collected) => boolean | undefined;
}

/** Checks a condition and makes it ready. @throws Refused */
export function compileCondition(condition: Condition, fields: FieldTable, places: Places): Predicate {
  const compile = (each: Condition): Predicate => compileCondition(each, fields, places);
  if (condition.kind === "not") {
    const of = compile(condition.of);
    return {
      matches: (frame) => !of.matches(frame),
      quick: (frame) => {
        const known = of.quick(frame);
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
    return {
      matches: (frame) => left.matches(frame) !== right.matches(frame),
      quick: (frame) => {
        const one = left.quick(frame);
        const other = one === undefined ? undefined : right.quick(frame);
        return other === undefined ? undefined : one !== other;
      },
    };
  }
  const decisive = kind === "or";
  return {
    matches: decisive
      ? (frame) => left.matches(frame) || right.matches(frame)
      : (frame) => left.matches(frame) && right.matches(frame),
    quick: (frame) => {
      const one = left.quick(frame);
      if (one === decisive) return decisive;
      const other = right.quick(frame);
      if (other === decisive) return decisive;
      return one === undefined || other === undefined ? undefined : !decisive;
    },
  };
}

/** The fields that an operand is made of. */
function namesOf(operand: Operand): string[] {
  if (operand.kind === "field") return [operand.name];
  if (operand.kind === "slice") return namesOf(operand.of);
  if (operand.kind === "call") return operand.arguments.flatMap(namesOf);
  if (operand.kind === "arithmetic") return [operand.left, operand.right].flatMap(namesOf);
  return [];
}

/** False when a protocol is not there that is needed; else what is so, when the fields can be found without a dissection. */
function glance(
  operands: readonly Operand[],
  fields: FieldTable,
  matches: (frame: Collected) => boolean,
): Predicate["quick"] {
  const names = [...new Set(operands.flatMap(namesOf))];
  const protocols = [...new Set(names.flatMap((name) => fields.protocolOf(name) ?? []))];
  return (frame) => {
    for (const protocol of protocols) if (frame.has(protocol) === false) return false;
    for (const name of names) if (!frame.finds(name)) return undefined;
    return matches(frame);
  };
}

function compilePresence(operand: Operand, fields: FieldTable, places: Places): Predicate {
  if (operand.kind === "literal") return refuse("unknown-field", operand, { text: operand.text });
  const compiled = compileOperand(operand, places);
  if (compiled.isCall === true) return refuse("function-alone", operand);
  if (operand.kind === "field") {
    const place = places.of(operand.name);
    const isProtocol = fields.isProtocol(operand.name) && operand.name !== "frame";
    const matches = (frame: Collected): boolean => (frame.lists[place]?.length ?? 0) > 0;
    const found = glance([operand], fields, matches);
    return { matches, quick: isProtocol ? (frame) => frame.has(operand.name) ?? found(frame) : found };
  }
  const holds: (value: Value) => boolean =
    operand.kind === "slice"
      ? () => true
      : (value) => (value instanceof Uint8Array ? value.some((octet) => octet !== 0) : Number(value) !== 0);
  const matches = (frame: Collected): boolean => compiled.values(frame).some(holds);
  return { matches, quick: glance([operand], fields, matches) };
}

function leftOf(operand: Operand, operator: string, places: Places): Compiled {
  if (operand.kind === "literal") {
    // What looks like a name was meant for one.
    if (operand.form === "word" && /^[A-Za-z_]/.test(operand.text))
      refuse("unknown-field", operand, { text: operand.text });
    return refuse("left-literal", operand, { operator, text: operand.text });
  }
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
  const reads = operator === "contains" || operator === "matches";
  const test = reads ? containment(condition, left, places) : comparison(condition, left, places);
  const all = isForAll(operator, quantifier);
  if (test.rights === undefined) {
    const one = test.holds as (value: Value) => boolean;
    const matches = (frame: Collected): boolean => {
      const values = left.values(frame);
      return all ? values.length > 0 && values.every(one) : values.some(one);
    };
    return { matches, quick: glance([condition.left], fields, matches) };
  }
  const { rights, holds } = test;
  const matches = (frame: Collected): boolean => {
    const [lefts, others] = [left.values(frame), rights(frame)];
    if (lefts.length === 0 || others.length === 0) return false;
    return all
      ? lefts.every((value) => others.every((other) => holds(value, other)))
      : lefts.some((value) => others.some((other) => holds(value, other)));
  };
  return { matches, quick: glance([condition.left, right], fields, matches) };
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
      operand.kind === "arithmetic" && namesOf(operand).length === 0 ? compiled.values(new Collected(new Map())) : [];
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
  const matches = (frame: Collected): boolean => {
    const values = left.values(frame);
    return all ? values.length > 0 && values.every(isIn) : values.some(isIn);
  };
  return { matches, quick: glance([condition.left], fields, matches) };
}
