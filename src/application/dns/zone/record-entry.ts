import { parseIp } from "../../../address/ip.ts";
import { isRecordType, parseClass, parseType, type RecordClass, type RecordType } from "../codes.ts";
import { formatIpv6, parseIpv6 } from "../ipv6-text.ts";
import { isAbsolute, type Name, parseName } from "../name.ts";
import { type FieldKind, type FieldValue, fieldsOf, type ResourceRecord } from "../record.ts";
import { readData } from "../record-wire.ts";
import { WireReader } from "../wire-reader.ts";
import { bytesOf, type Token } from "./entries.ts";

const TEXT_LIMIT = 255;
/** Characters of a text that may be as long as that: all of it escapes. */
const WRITTEN_LIMIT = 4 * TEXT_LIMIT;
const TTL_LIMIT = 2 ** 31 - 1;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A word that is not what it should be. Thrown and caught in this folder alone. */
export class EntryError extends Error {
  readonly token: Token;

  constructor(token: Token, message: string) {
    super(message);
    this.token = token;
  }
}

/** Reads a name, relative to an origin unless a dot ends it. */
export function readName(token: Token, origin: Name | undefined): Name {
  if (token.text === "@" && !token.quoted && origin !== undefined) return origin;
  if (!isAbsolute(token.text) && origin === undefined) {
    throw new EntryError(token, `there is no $ORIGIN yet that ${token.text} is relative to`);
  }
  const name = parseName(token.text, origin);
  if (name === undefined) throw new EntryError(token, `${token.text} is no domain name`);
  return name;
}

/** Reads seconds: `3600` or, as many programs write it, `1h30m`. @returns undefined for what is none */
export function parseSeconds(text: string): number | undefined {
  if (/^\d{1,10}$/.test(text)) return Number(text) <= TTL_LIMIT ? Number(text) : undefined;
  if (!/^(\d{1,10}[smhdw])+$/i.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.toLowerCase().matchAll(/(\d+)([smhdw])/g)) {
    total += Number(count) * (UNITS[unit ?? ""] ?? 0);
  }
  return total <= TTL_LIMIT ? total : undefined;
}

export interface RecordEntry {
  readonly ttl: number | undefined;
  readonly class: RecordClass | undefined;
  readonly type: RecordType;
  readonly data: ResourceRecord["data"];
}

/**
 * Reads what stands behind the owner: TTL and class, either or both in any order, type and data (RFC 1035 §5.1).
 * @param last where the entry ends, for what is missing
 */
export function readRecordEntry(tokens: readonly Token[], origin: Name | undefined, last: Token): RecordEntry {
  let at = 0;
  let ttl: number | undefined;
  let recordClass: RecordClass | undefined;
  for (; at < tokens.length; at++) {
    const { text } = tokens[at] as Token;
    const seconds = ttl === undefined ? parseSeconds(text) : undefined;
    const given = recordClass === undefined ? parseClass(text) : undefined;
    if (seconds === undefined && given === undefined) break;
    ttl ??= seconds;
    recordClass ??= given;
  }
  const token = tokens[at];
  if (token === undefined) throw new EntryError(last, "there is no type, such as A");
  const type = parseType(token.text);
  if (type === undefined || !isRecordType(type)) {
    throw new EntryError(token, `there is no type ${token.text}: write others as TYPE65280 \\# 2 0a0b (RFC 3597)`);
  }
  const data = readEntryData(type, tokens.slice(at + 1), origin, tokens.at(-1) ?? last);
  return { ttl, class: recordClass, type, data };
}

function readEntryData(
  type: RecordType,
  tokens: readonly Token[],
  origin: Name | undefined,
  last: Token,
): ResourceRecord["data"] {
  const [first] = tokens;
  if (first?.text === "\\#" && !first.quoted) return readGeneric(type, tokens, last);
  const fields = fieldsOf(type);
  if (fields === undefined)
    throw new EntryError(first ?? last, `the data of ${type} is written \\# LENGTH HEX (RFC 3597)`);
  const data: Record<string, FieldValue> = {};
  let at = 0;
  for (const [field, kind] of fields) {
    const token = tokens[at];
    if (token === undefined) throw new EntryError(last, `${type} needs ${WHAT[kind]} (${field}) behind this`);
    if (kind === "texts") data[field] = tokens.slice(at).map(readText);
    else data[field] = readField(kind, token, origin);
    at = kind === "texts" ? tokens.length : at + 1;
  }
  const more = tokens[at];
  if (more !== undefined) throw new EntryError(more, `${type} has nothing more: ${more.text}`);
  return data as unknown as ResourceRecord["data"];
}

const WHAT: Readonly<Record<FieldKind, string>> = {
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  name: "a domain name",
  "plain-name": "a domain name",
  uint16: "a number up to 65535",
  uint32: "a number up to 4294967295",
  seconds: "a number of seconds",
  texts: "a text",
};

function readField(kind: FieldKind, token: Token, origin: Name | undefined): FieldValue {
  if (kind === "name" || kind === "plain-name") return readName(token, origin);
  const value = parseField(kind, token.text);
  if (value === undefined) throw new EntryError(token, `expected ${WHAT[kind]}, found ${token.text}`);
  return value;
}

function parseField(kind: FieldKind, text: string): FieldValue | undefined {
  if (kind === "ipv4") return parseIp(text) === undefined ? undefined : text;
  if (kind === "ipv6") {
    const bytes = parseIpv6(text);
    return bytes && formatIpv6(bytes);
  }
  // The times of an SOA record have 32 bits (RFC 1035 §3.3.13).
  if (kind === "seconds" && !/^\d+$/.test(text)) return parseSeconds(text);
  const limit = kind === "uint16" ? 0xffff : 0xffffffff;
  return /^\d{1,10}$/.test(text) && Number(text) <= limit ? Number(text) : undefined;
}

function readText(token: Token): string {
  const bytes = token.text.length > WRITTEN_LIMIT ? token.text : bytesOf(token.text);
  if (bytes === undefined) throw new EntryError(token, "a backslash is followed by a character or by 000 to 255");
  if (bytes.length > TEXT_LIMIT) throw new EntryError(token, `a text has at most ${TEXT_LIMIT} bytes: cut it in two`);
  return bytes;
}

/** `\# LENGTH HEX`, which any type may be written as (RFC 3597 §5). */
function readGeneric(type: RecordType, tokens: readonly Token[], last: Token): ResourceRecord["data"] {
  const [, length, ...words] = tokens;
  const hex = words.map(({ text }) => text).join("");
  const count = Number(length?.text);
  if (length === undefined || !/^\d{1,5}$/.test(length.text) || count > 0xffff) {
    throw new EntryError(length ?? last, "expected the number of bytes");
  }
  if (!/^([0-9a-fA-F]{2})*$/.test(hex) || hex.length !== 2 * count) {
    throw new EntryError(words[0] ?? last, `expected ${count} bytes in hexadecimal`);
  }
  const reader = new WireReader(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));
  const data = readData(reader, type, count);
  if (reader.problem !== undefined)
    throw new EntryError(words[0] ?? last, `these bytes are no ${type}: ${reader.problem}`);
  return data;
}
