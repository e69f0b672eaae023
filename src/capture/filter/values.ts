import type { FieldDefinition, FieldType } from "../dissect/field.ts";
import { type Place, refuse } from "./problem.ts";

/** What kinds of values can be compared with each other. */
export type Kind =
  | "number"
  | "boolean"
  | "double"
  | "ether"
  | "ipv4"
  | "ipv6"
  | "bytes"
  | "string"
  | "time"
  | "duration"
  | "none";

/** As filters compare them: booleans are 0 and 1, IPv4 addresses are not signed, IPv6 addresses are bytes. */
export type Value = number | bigint | string | Uint8Array;

export const KINDS: Readonly<Record<FieldType, Kind>> = {
  none: "none",
  protocol: "bytes",
  boolean: "boolean",
  uint: "number",
  int: "number",
  uint64: "number",
  double: "double",
  ether: "ether",
  ipv4: "ipv4",
  ipv6: "ipv6",
  bytes: "bytes",
  string: "string",
  time: "time",
  duration: "duration",
  frame: "number",
};

/** What a literal is compared as. */
export interface Wanted {
  readonly kind: Kind;
  /** The field it is compared with, or what was made of it. */
  readonly name: string;
  readonly definitions: readonly FieldDefinition[];
}

export interface Literal extends Place {
  readonly text: string;
  readonly form: "word" | "string" | "character";
}

/** A literal's value; with a mask, it stands for all that are the same under it. */
export interface Constant {
  readonly value: Value;
  readonly mask?: number;
}

const encoder = new TextEncoder();

/** What a literal means where a kind of value is wanted. @throws Refused */
export function constantOf(literal: Literal, wanted: Wanted): Constant {
  const { kind } = wanted;
  if (kind === "string") return { value: literal.text };
  if (kind === "bytes") return { value: bytesOf(literal) };
  if (kind === "number") return { value: numberOf(literal, wanted) };
  if (kind === "boolean") return { value: booleanOf(literal, wanted) };
  if (literal.form === "string" && kind !== "time" && kind !== "duration") {
    refuse("no-text-value", literal, { name: wanted.name });
  }
  if (kind === "ipv4") return ipv4Of(literal, wanted.name);
  if (kind === "ipv6") return { value: ipv6Of(literal, wanted.name) };
  if (kind === "ether") return { value: etherOf(literal, wanted.name) };
  if (kind === "time") return { value: timeOf(literal) };
  if (kind === "duration") return { value: durationOf(literal) };
  return { value: decimalOf(literal, "bad-number") };
}

/** The sign of their order; NaN for what has none. */
export function order(a: Value, b: Value): number {
  if (a instanceof Uint8Array) return b instanceof Uint8Array ? orderBytes(a, b) : Number.NaN;
  if (b instanceof Uint8Array) return Number.NaN;
  if (typeof a === "string") return typeof b !== "string" ? Number.NaN : a < b ? -1 : a > b ? 1 : 0;
  if (typeof b === "string") return Number.NaN;
  return a < b ? -1 : a > b ? 1 : 0;
}

function orderBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Where bytes begin in others; −1 for nowhere. */
export function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array): number {
  const first = wanted[0];
  if (first === undefined) return 0;
  const last = bytes.length - wanted.length;
  for (let at = bytes.indexOf(first); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
  }
  return -1;
}

const NUMBER = /^(-?)(?:(0[xX][\da-fA-F]+)|(0[bB][01]+)|0([0-7]+)|(\d+))$/;

/** A whole number as it is written; undefined for what is none. */
function parsedNumber(text: string): number | bigint | undefined {
  const found = NUMBER.exec(text);
  if (found === null) return undefined;
  const [, minus, hex, binary, octal, decimal] = found;
  const value = BigInt(hex ?? binary ?? (octal === undefined ? (decimal as string) : `0o${octal}`));
  const signed = minus === "" ? value : -value;
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

function numberOf(literal: Literal, { name, definitions }: Wanted): number | bigint {
  const { text, form } = literal;
  if (form === "character") return text.charCodeAt(0);
  const number = form === "word" ? parsedNumber(text) : undefined;
  if (number !== undefined) {
    const bits = Math.max(
      0,
      ...definitions.map(({ type, width }) => (type === "uint" && width !== undefined ? 8 * width : 64)),
    );
    const limit = 2 ** bits - 1;
    if (definitions.length > 0 && bits < 64 && number > limit) refuse("too-big", literal, { text, name, limit });
    return number;
  }
  return namedValue(literal, name, definitions);
}

function booleanOf(literal: Literal, { name, definitions }: Wanted): number {
  const { text, form } = literal;
  if (form === "character") return 1;
  const lower = text.toLowerCase();
  if (form === "word" && (lower === "true" || lower === "false")) return lower === "true" ? 1 : 0;
  const number = form === "word" ? parsedNumber(text) : undefined;
  if (number !== undefined) return Number(number) === 0 ? 0 : 1;
  return namedValue(literal, name, definitions);
}

/** A value that goes by a text. */
function namedValue(literal: Literal, name: string, definitions: readonly FieldDefinition[]): number {
  const { text, form } = literal;
  const lower = text.toLowerCase();
  let named = false;
  for (const { values = {}, truth, type } of definitions) {
    if (type === "boolean") {
      const at = (truth ?? ["True", "False"]).findIndex((each) => each.toLowerCase() === lower);
      if (at >= 0) return 1 - at;
      named = true;
    }
    named ||= Object.keys(values).length > 0;
    for (const key in values) if (values[key]?.toLowerCase() === lower) return Number(key);
  }
  if (named) return refuse("no-such-value", literal, { text, name });
  return form === "string" ? refuse("no-text-value", literal, { name }) : refuse("bad-number", literal, { text });
}

/** `47:45:54`, with `-` or `.` between, or nothing; `0x47`; a character; or the bytes of a quoted text. */
export function bytesOf(literal: Literal): Uint8Array {
  const { text, form } = literal;
  if (form === "character") return Uint8Array.of(text.charCodeAt(0) & 255);
  if (form === "string") return textBytes(text);
  const digits = text.replace(/^0[xX]/, "");
  const separator = /[:.-]/.exec(digits)?.[0];
  const parts = separator === undefined ? (digits.match(/..?/g) ?? []) : digits.split(separator);
  const whole = separator !== undefined || digits.length === 1 || digits.length % 2 === 0;
  if (!whole || parts.length === 0 || !parts.every((part) => /^[\da-fA-F]{1,2}$/.test(part))) {
    return refuse("bad-bytes", literal, { text });
  }
  return Uint8Array.from(parts, (part) => Number.parseInt(part, 16));
}

/** Letters written as octets (`"\xff"`) stand for themselves, all others for their UTF-8. */
function textBytes(text: string): Uint8Array {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 255) return encoder.encode(text);
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function etherOf(literal: Literal, name: string): number {
  const text = literal.text.replace(/[-.]/g, ":");
  const dotted = /^[\da-fA-F]{4}(?::[\da-fA-F]{4}){2}$/.test(text);
  const octets = dotted ? (text.replaceAll(":", "").match(/../g) as string[]) : text.split(":");
  const mac = octets.length === 6 && octets.every((each) => /^[\da-fA-F]{1,2}$/.test(each));
  if (!mac) return refuse("bad-address", literal, { text: literal.text, name });
  return octets.reduce((sum, each) => sum * 256 + Number.parseInt(each, 16), 0);
}

function ipv4Of(literal: Literal, name: string): Constant {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d+))?$/.exec(literal.text);
  const octets = found?.slice(1, 5).map(Number) ?? [];
  if (found === null || octets.some((each) => each > 255)) refuse("bad-address", literal, { text: literal.text, name });
  const value = octets.reduce((sum, each) => sum * 256 + each, 0);
  if (found[5] === undefined) return { value };
  const bits = Number(found[5]);
  if (bits > 32) refuse("bad-prefix", literal, { limit: 32 });
  return { value, mask: bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0 };
}

function ipv6Of(literal: Literal, name: string): Uint8Array {
  const bad = (): never => refuse("bad-address", literal, { text: literal.text, name });
  const [head = "", tail, more] = literal.text.split("::");
  if (more !== undefined) return bad();
  const groups = (text: string): number[] =>
    text === ""
      ? []
      : text.split(":").map((group) => (/^[\da-fA-F]{1,4}$/.test(group) ? Number.parseInt(group, 16) : bad()));
  const first = groups(head);
  const last = groups(tail ?? "");
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return bad();
  const all = [...first, ...new Array<number>(missing).fill(0), ...last];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}

function decimalOf(literal: Literal, code: "bad-number" | "bad-duration"): number {
  if (!/^-?(?:\d+\.?\d*|\.\d+)$/.test(literal.text)) refuse(code, literal, { text: literal.text });
  return Number(literal.text);
}

/** Nanoseconds of a number of seconds, exactly. */
function durationOf(literal: Literal): number | bigint {
  decimalOf(literal, "bad-duration");
  const [, minus, seconds = "", fraction = ""] = /^(-?)(\d*)\.?(\d*)$/.exec(literal.text) ?? [];
  const nanoseconds = BigInt(`${seconds}${fraction.slice(0, 9).padEnd(9, "0")}`);
  const value = minus === "-" ? -nanoseconds : nanoseconds;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const ISO = /^(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(?: ?(?:Z|UTC))?$/;
const SPELT = /^([A-Z][a-z]{2}) +(\d\d?), +(\d{4}) +(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?: ?(?:Z|UTC))?$/;

/** Nanoseconds since 1970 of a date in UTC. */
function timeOf(literal: Literal): bigint {
  const bad = (): never => refuse("bad-time", literal, { text: literal.text });
  const spelt = SPELT.exec(literal.text);
  const iso = ISO.exec(literal.text);
  const parts =
    spelt === null
      ? iso?.slice(1)
      : [spelt[3], String(MONTHS.indexOf((spelt[1] as string).toLowerCase()) + 1), spelt[2], ...spelt.slice(4)];
  if (parts === undefined) return bad();
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return bad();
  const whole = BigInt(Date.UTC(year, month - 1, day, hour, minute, second));
  return whole * 1_000_000n + BigInt((parts[6] ?? "").padEnd(9, "0"));
}
