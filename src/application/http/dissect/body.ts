import { decodeLatin1 } from "../../../base/latin1.ts";
import { text as line, type TreeBuilder } from "../../../capture/dissect/dissector.ts";
import { escaped } from "../../../capture/dissect/field-text.ts";
import { FIELDS_LIMIT } from "../../../capture/dissect/tree.ts";
import * as fields from "./fields.ts";
import { dissectData, dissectMedia } from "./media/data.ts";
import { dissectForm } from "./media/form.ts";
import { dissectJson } from "./media/json.ts";
import { dissectMultipart } from "./media/multipart.ts";
import { dissectTextLines } from "./media/text-lines.ts";

const PART = line("");
const LF = 10;
const CR = 13;

const LINES = new Set(["text/plain", "text/html", "text/css", "text/javascript", "application/x-javascript"]);
const JSONS = new Set(["application/json", "application/problem+json", "application/manifest"]);
const BYTES = new Set(["application/octet-stream"]);
const FORM = "application/x-www-form-urlencoded";
/** Multiparts within multiparts. */
const NESTING_LIMIT = 4;

/** Whether bodies of a type are looked into, or at least known to be bytes. */
export function isKnownType(contentType: string): boolean {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const known = LINES.has(type) || JSONS.has(type) || BYTES.has(type) || type === FORM;
  return known || (type.startsWith("multipart/") && /boundary=/i.test(contentType));
}

/** Shows how a body is chunked (RFC 9112 §7.1). @returns what it is without that */
export function dissectChunks(bytes: Uint8Array, from: number, tree: TreeBuilder): Uint8Array {
  const whole = new Uint8Array(bytes.length - from);
  let length = 0;
  tree.open(PART, from, bytes.length - from, undefined, "HTTP chunked response");
  let chunks = 0;
  for (let at = from; at < bytes.length; chunks++) {
    const lineFeed = bytes.indexOf(LF, at);
    const data = lineFeed < 0 ? bytes.length : lineFeed + 1;
    const size = Number.parseInt(decodeLatin1(bytes, at, Math.min(data, at + 16)), 16);
    if (!(size > 0)) {
      endOfChunks(bytes, at, data, tree);
      break;
    }
    const end = Math.min(data + size, bytes.length);
    const next = Math.min(end + (bytes[end] === CR ? 2 : 1), bytes.length);
    const piece = bytes.subarray(data, end);
    // The tree has no room for more.
    if (chunks < FIELDS_LIMIT) {
      tree.open(PART, at, next - at, undefined, `Data chunk (${size} octets)`);
      tree.add(fields.CHUNK_SIZE, at, data - at, size);
      tree.add(fields.CHUNK_DATA, data, piece.length, piece);
      if (next > end) tree.add(fields.CHUNK_END, end, next - end, bytes.subarray(end, next));
      tree.close();
    }
    whole.set(piece, length);
    length += piece.length;
    at = next;
  }
  tree.close();
  return whole.subarray(0, length);
}

/** The chunk of length 0, the trailer's fields and the empty line. */
function endOfChunks(bytes: Uint8Array, at: number, data: number, tree: TreeBuilder): void {
  const last = Math.min(data + 2, bytes.length);
  tree.open(PART, at, last - at, undefined, "End of chunked encoding");
  tree.add(fields.CHUNK_SIZE, at, data - at, 0);
  const empty = bytes[data] === CR || bytes[data] === LF;
  tree.close();
  if (empty) emptyLine(bytes, data, last, tree);
  if (empty || data >= bytes.length) return;
  const trailer = decodeLatin1(bytes, data, bytes.length);
  const end = /(?:^|\n)\r?\n$/.exec(trailer);
  const length = end === null ? trailer.length : end.index + (end[0].startsWith("\n") ? 1 : 0);
  const text = trailer.slice(0, length);
  tree.add(fields.TRAILER, data, length, text, `trailer-part: ${escaped(text)}`);
  if (end !== null) emptyLine(bytes, data + length, bytes.length, tree);
}

function emptyLine(bytes: Uint8Array, from: number, to: number, tree: TreeBuilder): void {
  tree.add(PART, from, to - from, undefined, escaped(decodeLatin1(bytes, from, to)));
}

/** Tells what the body is, behind what the list shows already. */
function told(tree: TreeBuilder, type: string): void {
  tree.columns({ info: `${tree.shown.info} (${type})` });
}

/** Shows a body by its type, as a layer of its own. @param at where it begins in the bytes that the tree counts in */
export function dissectBody(
  bytes: Uint8Array,
  at: number,
  contentType: string | undefined,
  tree: TreeBuilder,
  nesting = 0,
): void {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (contentType === undefined || type === undefined || BYTES.has(type)) {
    dissectData(bytes, at, tree);
    return;
  }
  if (JSONS.has(type)) {
    const info = `${tree.shown.info}, JavaScript Object Notation (${type})`;
    tree.columns({ protocol: "HTTP/JSON", info });
    dissectJson(bytes, at, type, tree);
    return;
  }
  if (type.startsWith("multipart/") && nesting < NESTING_LIMIT) {
    const part = (each: Uint8Array, from: number, its: string | undefined): void =>
      dissectBody(each, from, its, tree, nesting + 1);
    if (dissectMultipart(bytes, at, contentType, tree, part)) return;
  }
  told(tree, type);
  if (type === FORM) dissectForm(bytes, at, type, tree);
  else if (LINES.has(type)) dissectTextLines(bytes, at, type, tree);
  else dissectMedia(bytes, at, type, tree);
}
