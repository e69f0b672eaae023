/**
 * Messages as text of one character an octet (ISO 8859-1), to be written by `writeLatin1` or `encodeLatin1`. Nothing
 * that is written here can end a line but the line ends that stand here: fields are right by their class, and all else is
 * checked.
 */
import type { Fields } from "./fields.ts";
import { isToken, isValueText } from "./octets.ts";
import { targetForm } from "./target.ts";

/** All field lines, without the empty line after them. */
function formatFields(fields: Fields): string {
  let text = "";
  const { size } = fields;
  for (let i = 0; i < size; i++) text += `${fields.nameAt(i)}: ${fields.valueAt(i)}\r\n`;
  return text;
}

/**
 * The head of a request (RFC 9112 §3), with the empty line after it.
 * @param minor of the version: 0 or 1
 * @throws TypeError when the method is no token or the target has no form that goes with it
 */
export function formatRequestHead(method: string, target: string, fields: Fields, minor: 0 | 1 = 1): string {
  if (!isToken(method)) throw new TypeError("the method is no token");
  if (!/^[!"$-~]+$/.test(target) || targetForm(method, target) === undefined) {
    throw new TypeError("the request target is none");
  }
  return `${method} ${target} HTTP/1.${minor}\r\n${formatFields(fields)}\r\n`;
}

/**
 * The head of a response (RFC 9112 §4), with the empty line after it. The version is always HTTP/1.1, which says what
 * the server can, not what the message is (RFC 9110 §2.5).
 * @throws TypeError when the status is not of three digits or the reason phrase has a control character
 */
export function formatResponseHead(status: number, reason: string, fields: Fields): string {
  if (!(status >= 100 && status <= 999) || !Number.isInteger(status)) throw new TypeError(`${status} is no status`);
  if (!isValueText(reason)) throw new TypeError("the reason phrase has a character that may not stand there");
  return `HTTP/1.1 ${status} ${reason}\r\n${formatFields(fields)}\r\n`;
}

/**
 * The line before a chunk (RFC 9112 §7.1); after the chunk comes CHUNK_END. A chunk of nothing would end the content.
 * @throws TypeError when the size is no whole number above 0
 */
export function formatChunkSize(size: number): string {
  if (!(size > 0) || !Number.isSafeInteger(size)) throw new TypeError(`${size} is no size of a chunk`);
  return `${size.toString(16)}\r\n`;
}

export const CHUNK_END = "\r\n";

/** What ends chunked content: the last chunk and the trailer section. */
export const formatLastChunk = (trailers?: Fields): string =>
  trailers === undefined ? "0\r\n\r\n" : `0\r\n${formatFields(trailers)}\r\n`;
