import { type Compression, type ContentCoding, through } from "../../compression.ts";
import { gather } from "../../gather.ts";
import type { ProgramContext } from "../../program.ts";
import { type Content, piecesOf, takeContent } from "../body.ts";
import type { Middleware } from "../handler.ts";
import type { Headers } from "../headers.ts";
import type { Request } from "../request.ts";
import { Response } from "../response.ts";
import { parseCacheControl } from "./cache-control.ts";
import { BODY_LIMIT, CompressedBodies } from "./compressed-bodies.ts";
import { formatEntityTag, parseEntityTag, parseEntityTags } from "./entity-tag.ts";
import { essenceOf, isCompressible } from "./media-type.ts";
import { addVary, preferredCoding } from "./negotiate.ts";
import { lengthOf, ownResponse } from "./response.ts";

export interface CompressOptions {
  /** Those to use, the preferred first; all that the platform has unless given. */
  readonly codings?: readonly ContentCoding[] | undefined;
  /** Bodies of fewer bytes are left as they are; 1024 unless given. */
  readonly least?: number | undefined;
  /** 1 fastest to 9 smallest; 6 unless given. */
  readonly level?: number | undefined;
}

/** A body smaller than this fits in one segment either way. */
const LEAST = 1024;

/**
 * Compresses what a handler answers, where the client wants that and it is worth it (RFC 9110 §8.4, §12.5.3): never what is
 * compressed already, a part of something, or what `no-transform` protects. Does nothing where the engine has no compression.
 */
export function compress(
  { compression, work }: Pick<ProgramContext, "compression" | "work">,
  options: CompressOptions = {},
): Middleware {
  if (compression === undefined) return (next) => next;
  const codings = (options.codings ?? compression.codings).filter((each) => compression.codings.includes(each));
  const bodies = new CompressedBodies();
  return (next) => async (request, info) => {
    const response = ownResponse(await next(request, info));
    const { headers } = response;
    if (response.status === 304) return unchanged(request, response);
    if (!mayCompress(response.status, headers, compression)) return response;
    addVary(headers, "Accept-Encoding");
    // Of something compressed now, parts would be others each time: so only what is not is sent in parts.
    if (response.status === 206) return response;
    const coding = preferredCoding(request, codings);
    if (coding === undefined || coding === "identity") return response;
    if (request.method === "HEAD") return headOf(response, coding, options.least ?? LEAST);
    const content = takeContent(response);
    if ((lengthOf(content, headers) ?? Number.POSITIVE_INFINITY) < (options.least ?? LEAST))
      return again(response, content);
    const entityTag = headers.get("etag") ?? "";
    encoded(headers, coding);
    const way = { compression, coding, level: options.level, work };
    // A tag that is not weak is of these bytes; a page that has one is compressed once.
    if (!(content instanceof Uint8Array) || content.length > BODY_LIMIT || !entityTag.startsWith('"')) {
      return again(response, compressed(content, way, headers));
    }
    const known = bodies.get(coding, entityTag, content);
    if (known !== undefined) return again(response, known);
    // In memory of its own: a coder's piece may be part of more.
    const small = (await gather(compressed(content, way, headers))).slice();
    bodies.put(coding, entityTag, content, small);
    return again(response, small);
  };
}

function mayCompress(status: number, headers: Headers, { canFlush }: Compression): boolean {
  if (status < 200 || status === 204 || status === 205) return false;
  if (headers.has("content-encoding")) return false;
  const type = headers.get("content-type") ?? "";
  if (!isCompressible(type) || (!canFlush && isEvents(type))) return false;
  return !parseCacheControl(headers.get("cache-control")).has("no-transform"); // RFC 9111 §5.2.2.6
}

/** What a GET would say, as far as that is known without the body (RFC 9110 §9.3.2). */
function headOf(response: Response, coding: ContentCoding, least: number): Response {
  const { headers } = response;
  if (Number(headers.get("content-length") ?? Number.POSITIVE_INFINITY) < least) return response;
  encoded(headers, coding);
  return response;
}

/** What is said of a body that is compressed as it goes. */
function encoded(headers: Headers, coding: ContentCoding): void {
  weaken(headers);
  headers.set("Content-Encoding", coding);
  headers.delete("Content-Length");
  headers.delete("Accept-Ranges");
}

/** Says of a 304 what its 200 would have said (RFC 9110 §15.4.5): who has the compressed one has the weak tag of it. */
function unchanged(request: Request, response: Response): Response {
  const { headers } = response;
  addVary(headers, "Accept-Encoding");
  const entityTag = parseEntityTag(headers.get("etag") ?? "");
  const known = parseEntityTags(request.headers.get("if-none-match") ?? "");
  if (entityTag !== undefined && known !== "*") {
    if (known.some(({ weak, opaque }) => weak && opaque === entityTag.opaque)) weaken(headers);
  }
  return response;
}

/** The bytes may be others when they are compressed again (RFC 9110 §8.8.3.3). */
function weaken(headers: Headers): void {
  const entityTag = parseEntityTag(headers.get("etag") ?? "");
  if (entityTag !== undefined) headers.set("ETag", formatEntityTag({ ...entityTag, weak: true }));
}

const again = ({ status, statusText, headers }: Response, content: Content): Response =>
  new Response(content, { status, statusText, headers });

const isEvents = (type: string): boolean => essenceOf(type) === "text/event-stream";

interface Way {
  readonly compression: Compression;
  readonly coding: ContentCoding;
  readonly level: number | undefined;
  readonly work: ProgramContext["work"];
}

function compressed(
  content: Content,
  { compression, coding, level, work }: Way,
  headers: Headers,
): AsyncIterable<Uint8Array> {
  // Events are read as they come, so none may wait for the next.
  const flush = isEvents(headers.get("content-type") ?? "");
  const chunks = piecesOf(content);
  return {
    // The coder is made when it is used: a body that nobody reads must leave nothing behind.
    [Symbol.asyncIterator]: () =>
      through(chunks, compression.compressor(coding, { level }), work, { name: coding, flush }),
  };
}
