import { type Content, isStream, takeContent } from "../body.ts";
import type { AnyResponse } from "../handler.ts";
import { fieldsOf, Headers } from "../headers.ts";
import type { Fields } from "../message/fields.ts";
import { reasonOf } from "../reasons.ts";
import { Response } from "../response.ts";
import type { Exchange } from "./exchange.ts";
import { utf8Length } from "./output.ts";

/** How the end of an answer's content is told (RFC 9112 §6). */
export type AnswerFraming = "none" | "length" | "chunked" | "close";

/** An answer, ready to be written. */
export interface Answer {
  readonly head: string;
  readonly content: Content;
  readonly framing: AnswerFraming;
  /** Bytes of the content, with the framing "length". */
  readonly length: number;
  /** The connection ends after it. */
  readonly close: boolean;
}

const DIGITS = /^\d{1,15}$/;

/** What an answer is made of, whoever made it. */
interface Parts {
  readonly status: number;
  readonly statusText: string;
  readonly fields: Fields;
  readonly content: Content;
}

/**
 * Makes a handler's answer into a message.
 * @param close whether the connection is to end after it
 * @param date the value of Date, where the handler gives none (RFC 9110 §6.6.1)
 * @throws TypeError when it cannot be sent: the body was used, or a platform's response has a header that cannot be
 */
export function makeAnswer(exchange: Exchange, response: AnyResponse, close: boolean, date: string): Answer {
  const { status, statusText, fields, content } = partsOf(response);
  const leaves = exchange.leaving?.response === response;
  const old = exchange.head.minor === 0;
  let declared = -1;
  let head = startLine(status, statusText);
  let dated = false;
  for (let i = 0; i < fields.size; i++) {
    const name = fields.nameAt(i);
    const value = fields.valueAt(i);
    switch (isOurs(name)) {
      case 0:
        break;
      case CONNECTION:
        if (leaves) break;
        // The connection is ours: but who answers may ask for its end.
        if (/(?:^|,)[\t ]*close[\t ]*(?:,|$)/i.test(value)) close = true;
        continue;
      case DATE:
        dated = true;
        break;
      case CONTENT_LENGTH:
        if (DIGITS.test(value)) declared = Number(value);
        continue;
      default:
        continue;
    }
    head += `${name}: ${value}\r\n`;
  }
  if (!dated) head += date;
  if (leaves) return { head: `${head}\r\n`, content: null, framing: "none", length: 0, close: false };
  return frame(head, exchange.head.method, old, status, content, declared, close);
}

/** Whether the connection may go on after this request, whatever the answer is. @param drain how much of its body may be dropped */
export function canGoOn({ head, complete }: Exchange, continued: boolean, drain: number): boolean {
  if (!head.keepAlive || complete) return head.keepAlive;
  // Whether a client that was not told to go on sends its body nobody knows (RFC 9110 §10.1.1).
  return !(head.expectContinue && !continued) && head.contentLength <= drain;
}

function partsOf(response: AnyResponse): Parts {
  if (response instanceof Response) {
    return {
      status: response.status,
      statusText: response.statusText,
      fields: fieldsOf(response.headers),
      content: takeContent(response),
    };
  }
  const { status, statusText, headers, body } = response;
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new TypeError(`${status} is no status to answer with`);
  return { status, statusText, fields: fieldsOf(new Headers(headers)), content: body };
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
function startLine(status: number, statusText: string): string {
  if (statusText !== "") return `HTTP/1.1 ${status} ${statusText}\r\n`;
  return status === 200 ? "HTTP/1.1 200 OK\r\n" : `HTTP/1.1 ${status} ${reasonOf(status)}\r\n`;
}

/** Ends the head by what tells where the content ends. */
function frame(
  head: string,
  method: string,
  old: boolean,
  status: number,
  content: Content,
  declared: number,
  close: boolean,
): Answer {
  const length = content === null ? 0 : lengthOf(content);
  const bodiless = method === "HEAD" || status === 204 || status === 304;
  let framing: AnswerFraming = "none";
  if (!bodiless) framing = length >= 0 || declared >= 0 ? "length" : old ? "close" : "chunked";
  if (framing === "close") close = true;
  const told = tellLength(method, status, content, length, declared);
  if (told >= 0) head += `Content-Length: ${told}\r\n`;
  else if (framing === "chunked" || (method === "HEAD" && !old && length < 0)) head += "Transfer-Encoding: chunked\r\n";
  // HTTP/1.0 takes an end for granted, HTTP/1.1 its absence (RFC 9112 §9.3).
  if (close) head += "Connection: close\r\n\r\n";
  else head += old ? "Connection: keep-alive\r\n\r\n" : "\r\n";
  return { head, content, framing, length: length >= 0 ? length : declared, close };
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

/** What a response holds; null when it was used already. */
export function contentOf(response: AnyResponse): Content {
  if (!(response instanceof Response)) return response.body;
  return response.bodyUsed ? null : takeContent(response);
}

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
