import { CONSTANTS } from "./constants.ts";
import type { Scanner } from "./scanner.ts";
import type { Call, Value } from "./script.ts";

/** Reads a system call and its result: `accept(3, ..., ...) = 4`, `read(4, ..., 9) = -1 EAGAIN (nothing there)`. */
export function parseCall(scanner: Scanner): Call {
  const [name] = scanner.need(/[A-Za-z_]\w*/, "a system call, a packet, or a time and one of these");
  const args = parseArguments(scanner);
  scanner.need(/=/, '"=" and the result of the call');
  // One term: a plus after it belongs to the time of the next event.
  const result = scanner.take(/\?/) === undefined ? parseTerm(scanner) : undefined;
  const errno = scanner.take(/E[A-Z0-9]+\b/)?.[0];
  if (scanner.sees(/\(/)) scanner.need(/\((?:[^()]|\([^()]*\))*\)/, "a remark in parentheses");
  return { name, args, result: result?.kind === "ellipsis" ? undefined : result, errno };
}

function parseArguments(scanner: Scanner): Value[] {
  scanner.need(/\(/, '"(" and the arguments of the call');
  return parseItems(scanner, /\)/, '")" after the arguments');
}

function parseItems(scanner: Scanner, close: RegExp, what: string): Value[] {
  const items: Value[] = [];
  if (scanner.take(close) !== undefined) return items;
  do items.push(parseValue(scanner));
  while (scanner.take(/,/) !== undefined);
  scanner.need(close, what);
  return items;
}

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  "|": (left, right) => left | right,
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "<<": (left, right) => left << right,
};

/** An argument. Of `a | b * c` the operators are done from left to right: scripts use one kind at a time. */
function parseValue(scanner: Scanner): Value {
  let value = parseTerm(scanner);
  for (;;) {
    const operator = scanner.take(/\||\+|\*|<<|-(?=\s*\w)/)?.[0];
    if (operator === undefined) return value;
    const right = parseTerm(scanner);
    const name = value.kind === "name" ? value : right.kind === "name" ? right : undefined;
    // SOCK_STREAM | SOCK_NONBLOCK: the name counts, its flags are told apart.
    if (name !== undefined)
      value = operator === "|" ? joinNames(value, right) : scanner.fail(`${name.name} is no number here`);
    else if (value.kind !== "number" || right.kind !== "number") scanner.fail(`"${operator}" joins numbers`);
    else
      value = {
        kind: "number",
        value: (OPERATORS[operator] as (a: number, b: number) => number)(value.value, right.value),
      };
  }
}

function joinNames(left: Value, right: Value): Value {
  const text = (value: Value): string =>
    value.kind === "name" ? value.name : value.kind === "number" ? String(value.value) : "";
  return { kind: "name", name: `${text(left)}|${text(right)}` };
}

function parseTerm(scanner: Scanner): Value {
  if (scanner.take(/\.\.\./) !== undefined) return { kind: "ellipsis" };
  const digits = scanner.take(/-?\s*0x[0-9a-fA-F]+|-?\s*\d+/)?.[0].replace(/\s/g, "");
  if (digits !== undefined) return { kind: "number", value: readNumber(digits) };
  const text = scanner.take(/"((?:[^"\\]|\\.)*)"/)?.[1];
  if (text !== undefined) return { kind: "text", text };
  if (scanner.take(/\[/) !== undefined) return { kind: "list", items: parseItems(scanner, /\]/, '"]" after the list') };
  if (scanner.take(/\{/) !== undefined) return parseRecord(scanner);
  if (scanner.take(/\(/) !== undefined) {
    const value = parseValue(scanner);
    scanner.need(/\)/, '")"');
    return value;
  }
  const [name] = scanner.need(/~?\s*[A-Za-z_]\w*/, "an argument");
  if (scanner.sees(/\(/)) return { kind: "call", name, args: parseArguments(scanner) };
  const known = Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined;
  return known === undefined ? { kind: "name", name } : { kind: "number", value: known };
}

const readNumber = (digits: string): number =>
  digits.startsWith("-")
    ? -Number(digits.slice(1))
    : /^0[0-7]+$/.test(digits)
      ? Number.parseInt(digits, 8)
      : Number(digits);

/** `{sa_family = AF_INET, …}`, `{onoff=1, linger=0}`, `{..., 1000}`; also `msg_iov(1)=[…]`. */
function parseRecord(scanner: Scanner): Value {
  const items: Value[] = [];
  const fields = new Map<string, Value>();
  while (scanner.take(/\}/) === undefined) {
    const name = scanner.take(/\.?([A-Za-z_]\w*)\s*(?:\([^()]*\)\s*)?=/)?.[1];
    const value = parseValue(scanner);
    if (name === undefined) items.push(value);
    else fields.set(name, value);
    if (scanner.take(/,/) === undefined) {
      scanner.need(/\}/, '"}" after the fields');
      break;
    }
  }
  return { kind: "record", items, fields };
}
