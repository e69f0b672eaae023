import { utf8Length } from "../../../base/utf8-length.ts";
import { type Content, isStream, takeContent } from "../body.ts";
import type { Fields } from "../message/fields.ts";
import { reasonOf } from "../reasons.ts";
import { type Response, responseFields } from "../response.ts";
import { StatusError } from "../status-error.ts";
import type { Exchange } from "./exchange.ts";
import { HeadCache } from "./head-cache.ts";
import type { Output } from "./output.ts";
import { WORKSPACE_SIZE } from "./workspace.ts";

/** Bytes that the head of an answer may have: beyond, the answer is refused as the handler's mistake. */
const ANSWER_HEAD_LIMIT = WORKSPACE_SIZE - 512;
/** What the server itself writes into a head has less. */
const OWN_LINES = 256;

/** How the end of an answer's content is told (RFC 9112 §6). */
export type AnswerFraming = "none" | "length" | "chunked" | "close";

/** What is still to be done of an answer whose head is written. */
export interface Answer {
  readonly content: Content;
  readonly framing: AnswerFraming;
  /** Bytes of the content, with the framing "length". */
  readonly length: number;
  /** The connection ends after it. */
  readonly close: boolean;
  /** The output's mark before the head. */
  readonly start: number;
}

const DIGITS = /^\d{1,15}$/;
const CLOSE = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i;
const UPGRADE = /(?:^|,)[\t ]*upgrade[\t ]*(?:,|$)/i;

/**
 * Writes the head of a handler's answer.
 * @param close whether the connection is to end after it
 * @param date the line of Date, where the handler gives none (RFC 9110 §6.6.1)
 * @throws TypeError when it cannot be sent: the body was used, or the head is too long. Nothing is written then
 */
export function writeHead(
  output: Output,
  exchange: Exchange,
  response: Response,
  close: boolean,
  date: string,
): Answer {
  const { status, statusText } = response;
  const fields = responseFields(response);
  const leaves = exchange.leaving?.response === response;
  if (status === 101 && !leaves) throw new TypeError("101 is the answer of info.upgrade alone");
  // What may be answered so is no answer but the beginning of a tunnel (RFC 9110 §9.3.6).
  if (!leaves && exchange.method === "CONNECT" && status < 300) throw new StatusError(501, "no tunnels here");
  const room = lengthOfHead(statusText, fields);
  output.reserve(room);
  const content = takeContent(response);
  const start = output.mark;
  let declared = -1;
  const known = heads.find(room, status, statusText, fields, date);
  if (known !== undefined) output.bytes(known);
  else {
    writeStartLine(output, status, statusText);
    let plain = !leaves;
    let dated = false;
    for (let i = 0; i < fields.size; i++) {
      const name = fields.nameAt(i);
      const value = fields.valueAt(i);
      const ours = isOurs(name);
      if (ours !== 0) {
        plain = false;
        if (ours === DATE) dated = true;
        if (ours === CONTENT_LENGTH && DIGITS.test(value)) declared = Number(value);
        // The connection is ours: but who answers may ask for its end.
        if (ours === CONNECTION && CLOSE.test(value)) close = true;
        // Who names Upgrade, as 426 does, has to name it here too (RFC 9110 §7.8).
        if (ours === CONNECTION && !leaves && UPGRADE.test(value)) output.put("Connection: Upgrade\r\n");
        if (ours !== DATE && !(leaves && ours === CONNECTION)) continue;
      }
      output.put(name);
      output.put(": ");
      output.put(value);
      output.put("\r\n");
    }
    if (!dated) output.put(date);
    if (plain) heads.keep(room, status, statusText, fields, date, output.copyFrom(start));
  }
  if (leaves) {
    output.put("\r\n");
    return { content: null, framing: "none", length: 0, close: false, start };
  }
  return frame(output, exchange, { status, content, declared, close, start });
}

const heads = new HeadCache();

function lengthOfHead(statusText: string, fields: Fields): number {
  let length = OWN_LINES + statusText.length;
  for (let i = 0; i < fields.size; i++) length += fields.lengthAt(i) + 4;
  if (length > ANSWER_HEAD_LIMIT) throw new TypeError("an answer with too long a head");
  return length;
}

const TRANSFER = 1;
const CONNECTION = 2;
const DATE = 3;
const CONTENT_LENGTH = 4;

/** Which of the fields that the server writes itself a name is; 0 for all others. */
function isOurs(name: string): number {
  switch (name.length) {
    case 4:
      return isName(name, "date") ? DATE : 0;
    case 10:
      return isName(name, "connection") ? CONNECTION : isName(name, "keep-alive") ? TRANSFER : 0;
    case 14:
      return isName(name, "content-length") ? CONTENT_LENGTH : 0;
    case 17:
      return isName(name, "transfer-encoding") ? TRANSFER : 0;
    default:
      return 0;
  }
}

const isName = (name: string, lower: string): boolean => name === lower || name.toLowerCase() === lower;

/** The status line (RFC 9112 §4). */
function writeStartLine(output: Output, status: number, statusText: string): void {
  if (status === 200 && statusText === "") {
    output.put("HTTP/1.1 200 OK\r\n");
    return;
  }
  output.put("HTTP/1.1 ");
  output.putNumber(status);
  output.put(" ");
  output.put(statusText === "" ? reasonOf(status) : statusText);
  output.put("\r\n");
}

/** Ends the head by what tells where the content ends. */
function frame(
  output: Output,
  { head: { method, minor } }: Exchange,
  {
    status,
    content,
    declared,
    close,
    start,
  }: Pick<Answer, "content" | "close" | "start"> & { status: number; declared: number },
): Answer {
  const old = minor === 0;
  const length = content === null ? 0 : lengthOf(content);
  const bodiless = method === "HEAD" || status === 204 || status === 304;
  let framing: AnswerFraming = "none";
  if (!bodiless) framing = length >= 0 || declared >= 0 ? "length" : old ? "close" : "chunked";
  if (framing === "close") close = true;
  const told = tellLength(method, status, content, length, declared);
  if (told >= 0) {
    output.put("Content-Length: ");
    output.putNumber(told);
    output.put("\r\n");
  } else if (framing === "chunked" || (method === "HEAD" && !old && length < 0)) {
    output.put("Transfer-Encoding: chunked\r\n");
  }
  // HTTP/1.0 takes an end for granted, HTTP/1.1 its absence (RFC 9112 §9.3).
  if (close) output.put("Connection: close\r\n\r\n");
  else output.put(old ? "Connection: keep-alive\r\n\r\n" : "\r\n");
  return { content, framing, length: length >= 0 ? length : declared, close, start };
}

/** The value of Content-Length; −1 for none (RFC 9110 §8.6). */
function tellLength(method: string, status: number, content: Content, length: number, declared: number): number {
  if (status === 204) return -1;
  // What it would be to a GET: a handler that has no content at hand may know it all the same.
  if (status === 304 || (method === "HEAD" && content === null)) return declared;
  return length >= 0 ? length : declared;
}

/** In bytes; −1 when it will be known at the end. */
function lengthOf(content: NonNullable<Content>): number {
  if (typeof content === "string") return utf8Length(content);
  return content instanceof Uint8Array ? content.length : -1;
}

/** Whether the connection may go on after this request, whatever the answer is. @param drain how much of its body may be dropped */
export function canGoOn({ head, complete }: Exchange, continued: boolean, drain: number): boolean {
  if (!head.keepAlive || complete) return head.keepAlive;
  // Whether a client that was not told to go on sends its body nobody knows (RFC 9110 §10.1.1).
  return !(head.expectContinue && !continued) && head.contentLength <= drain;
}

/** What a response holds; null when it was used already. */
export const contentOf = (response: Response): Content => (response.bodyUsed ? null : takeContent(response));

/** Lets go of content that is not sent. */
export function abandon(content: Content): void {
  if (content === null || typeof content === "string" || content instanceof Uint8Array) return;
  if (isStream(content)) {
    if (!content.locked) content.cancel().catch(() => {});
    return;
  }
  content[Symbol.asyncIterator]()
    .return?.()
    ?.then(undefined, () => {});
}

/** An answer of the server's own, for what no handler gets to see. The connection ends after it. */
export function refusal(status: number, text: string, date: string, extra = ""): string {
  const body = `${status} ${reasonOf(status)}${text === "" ? "" : `: ${text}`}\n`;
  const fields = `Content-Type: text/plain;charset=UTF-8\r\nContent-Length: ${utf8Length(body)}\r\n`;
  return `HTTP/1.1 ${status} ${reasonOf(status)}\r\n${extra}${date}${fields}Connection: close\r\n\r\n${body}`;
}
