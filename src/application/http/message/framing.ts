import type { FailureCode } from "./failures.ts";
import type { Fields } from "./fields.ts";
import type { MessageHead } from "./head.ts";
import type { HeadScanner } from "./head-scanner.ts";
import type { MessageLimits } from "./limits.ts";
import { isBlank, isSameName, isToken, trimBlanks } from "./octets.ts";
import {
  CONNECTION,
  CONTENT_LENGTH,
  EXPECT,
  HOST,
  type SpecialName,
  TRANSFER_ENCODING,
  UPGRADE,
} from "./special-names.ts";
import { isAuthority } from "./target.ts";

/** Characters of Transfer-Encoding: more say nothing that could be understood. */
const CODINGS_LIMIT = 256;

/** All values of a special field as one list; undefined when there is none. */
function listOf(fields: Fields, scanner: HeadScanner, name: SpecialName, written: string): string | undefined {
  const count = scanner.counts[name]!;
  if (count === 0) return undefined;
  return count === 1 ? fields.valueAt(scanner.places[name]!) : fields.get(written);
}

/** What Host must be (RFC 9112 §3.2). HTTP/1.0 knows it not, but two or a broken one are refused there as well. */
export function checkHost(head: MessageHead, scanner: HeadScanner): FailureCode | undefined {
  const hosts = scanner.counts[HOST]!;
  if (hosts === 0) return head.minor === 0 ? undefined : "host-missing";
  if (hosts > 1) return "host-twice";
  return scanner.plainHost || isAuthority(head.fields.valueAt(scanner.places[HOST]!)) ? undefined : "host";
}

/** Whether the connection goes on, and to what it would be switched. */
export function readConnection(head: MessageHead, scanner: HeadScanner): void {
  head.keepAlive = head.minor > 0;
  if (scanner.counts[CONNECTION] === 0) return;
  const value = listOf(head.fields, scanner, CONNECTION, "connection") as string;
  if (value === "keep-alive") {
    head.keepAlive = true;
    return;
  }
  const close = hasOption(value, "close");
  const keep = hasOption(value, "keep-alive");
  head.keepAlive = !close && (head.keepAlive || keep);
  if (head.minor > 0 && scanner.counts[UPGRADE]! > 0 && hasOption(value, "upgrade"))
    head.upgrade = listOf(head.fields, scanner, UPGRADE, "upgrade");
}

/** Whether the list has the option, without case. It may be as long as a head: nothing is made of its parts. */
function hasOption(list: string, option: string): boolean {
  for (let start = 0; start <= list.length; ) {
    const comma = list.indexOf(",", start);
    let end = comma < 0 ? list.length : comma;
    const next = end + 1;
    while (start < end && isBlank(list.charCodeAt(start))) start++;
    while (end > start && isBlank(list.charCodeAt(end - 1))) end--;
    if (end - start === option.length && isSameName(option, list, start)) return true;
    start = next;
  }
  return false;
}

/** What the client waits for. A server ignores it in HTTP/1.0 (RFC 9110 §10.1.1). */
export function readExpectation(head: MessageHead, scanner: HeadScanner): void {
  if (head.minor === 0 || scanner.counts[EXPECT] === 0) return;
  const value = listOf(head.fields, scanner, EXPECT, "expect") as string;
  head.expectation = value.toLowerCase() === "100-continue" ? "100-continue" : "other";
}

/** How the content of a request ends (RFC 9112 §6.3). What could be read in two ways is refused. */
export function frameRequest(head: MessageHead, scanner: HeadScanner, limits: MessageLimits): FailureCode | undefined {
  const lengths = scanner.counts[CONTENT_LENGTH]!;
  if (scanner.counts[TRANSFER_ENCODING]! > 0) {
    if (head.minor === 0) return "transfer-coding-in-1.0";
    if (lengths > 0) return "transfer-coding-and-length";
    const codings = readCodings(listOf(head.fields, scanner, TRANSFER_ENCODING, "transfer-encoding") as string);
    if (codings?.at(-1) !== "chunked") return "transfer-coding";
    if (codings.length > 1) return "transfer-coding-unknown";
    if (head.method === "CONNECT") return "content-in-connect";
    head.framing = "chunked";
    return undefined;
  }
  if (lengths === 0) return undefined;
  // Several that are the same might be taken as one; refusing them is as good (RFC 9110 §8.6) and safer.
  if (lengths > 1) return "content-length-twice";
  return frameByLength(head, head.fields.valueAt(scanner.places[CONTENT_LENGTH]!), limits);
}

function frameByLength(head: MessageHead, value: string, limits: MessageLimits): FailureCode | undefined {
  const length = parseLength(value);
  if (length < 0) return value.includes(",") ? "content-length-twice" : "content-length";
  if (length > limits.contentLength) return "content-too-large";
  if (length > 0 && head.method === "CONNECT") return "content-in-connect";
  head.framing = length > 0 ? "length" : "none";
  head.contentLength = length;
  return undefined;
}

/**
 * How the content of a response ends (RFC 9112 §6.3).
 * @param method of the request that it answers
 */
export function frameResponse(
  head: MessageHead,
  scanner: HeadScanner,
  limits: MessageLimits,
  method: string,
): FailureCode | undefined {
  const { status } = head;
  const tunnel = method === "CONNECT" && status >= 200 && status < 300;
  if (method === "HEAD" || status < 200 || status === 204 || status === 304 || tunnel) return undefined;
  const lengths = scanner.counts[CONTENT_LENGTH]!;
  if (scanner.counts[TRANSFER_ENCODING]! > 0) {
    if (head.minor === 0) return "transfer-coding-in-1.0";
    if (lengths > 0) return "transfer-coding-and-length";
    const codings = readCodings(listOf(head.fields, scanner, TRANSFER_ENCODING, "transfer-encoding") as string);
    if (codings === undefined) return "transfer-coding";
    head.framing = codings.at(-1) === "chunked" ? "chunked" : "until-close";
    head.codings = head.framing === "chunked" ? codings.slice(0, -1) : codings;
  } else if (lengths > 0) {
    const values = (listOf(head.fields, scanner, CONTENT_LENGTH, "content-length") as string).split(",");
    const all = values.map(trimBlanks);
    // Servers do send one twice; as long as they agree they are one (RFC 9110 §8.6).
    if (all.some((value) => value !== all[0])) return "content-length-twice";
    return frameByLength(head, all[0] as string, limits);
  } else head.framing = "until-close";
  if (head.framing === "until-close") head.keepAlive = false;
  return undefined;
}

/** The codings in order and in small letters; undefined when they are no list, or chunked is in it twice or with parameters. */
function readCodings(value: string): string[] | undefined {
  if (value.length > CODINGS_LIMIT) return undefined;
  const codings = value.split(",").map((coding) => trimBlanks(coding).toLowerCase());
  let chunked = 0;
  for (const coding of codings) {
    const name = trimBlanks(coding.split(";", 1)[0] as string);
    if (!isToken(name) || (name === "chunked" && (coding !== name || ++chunked > 1))) return undefined;
  }
  return codings;
}

/** The number that is all digits; −1 when it is none; infinite when it is too large to count with. */
function parseLength(value: string): number {
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  if (value === "") return -1;
  return length > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : length;
}
