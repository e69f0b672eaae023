import { gunzip, unwrapDeflate } from "../../../base/inflate.ts";
import { decodeLatin1 } from "../../../base/latin1.ts";
import { text as line, type TreeBuilder } from "../../../capture/dissect/dissector.ts";
import { dissectBody, dissectChunks, isKnownType } from "./body.ts";
import type { HttpAbout } from "./conversation.ts";
import * as fields from "./fields.ts";
import { dissectHead, type HeadFields } from "./head.ts";

const PART = line("");

/** Shows a request, a response, or what is neither. */
export function dissectHttp(bytes: Uint8Array, about: HttpAbout, tree: TreeBuilder): void {
  tree.open(fields.HTTP, 0, about.covered);
  if (about.kind === "continuation") {
    tree.columns({ protocol: "HTTP", info: "Continuation" });
    addFileData(bytes, 0, tree);
    dissectBody(bytes, 0, undefined, tree);
    tree.close();
    return;
  }
  const firstLine = /^[^\r\n]*/.exec(decodeLatin1(bytes, 0, about.head))?.[0] ?? "";
  tree.columns({ protocol: "HTTP", info: `${firstLine} ` });
  const head = dissectHead(bytes, about.head, about.kind, tree);
  if (about.kind === "request") addRequestTies(about, tree);
  else addResponseTies(about, tree);
  if (bytes.length === about.head) tree.close();
  else addBody(bytes, about.head, head, tree);
}

/** Adds what frames the body, and the body: with a type it is a layer of its own, without one a part of HTTP's. */
function addBody(bytes: Uint8Array, at: number, head: HeadFields, tree: TreeBuilder): void {
  const sent = head.chunked ? dissectChunks(bytes, at, tree) : bytes.subarray(at);
  const from = head.chunked ? 0 : at;
  if (head.chunked) tree.beginSource("De-chunked entity body", sent);
  const encoding = head.encoding?.toLowerCase() ?? "identity";
  if (encoding === "identity" || sent.length === 0) {
    addContent(sent, from, at, head.contentType, tree);
  } else {
    const content = DECODERS.get(encoding)?.(sent);
    const title = `Content-encoded entity body (${encoding}): ${sent.length} bytes`;
    if (content === undefined) {
      tree.open(PART, from, sent.length, undefined, title);
      if (DECODERS.has(encoding)) tree.expert(fields.NOT_DECOMPRESSED);
      dissectBody(sent, from, undefined, tree);
      tree.close();
      tree.close();
    } else {
      tree.add(PART, from, sent.length, undefined, `${title} -> ${content.length} bytes`);
      tree.beginSource("Uncompressed entity body", content);
      addContent(content, 0, at, head.contentType, tree);
      tree.endSource();
    }
  }
  if (head.chunked) tree.endSource();
}

/** How content was made smaller (RFC 9110 §8.4.1); `br` and `zstd` cannot be undone here. */
const DECODERS: ReadonlyMap<string, (bytes: Uint8Array) => Uint8Array | undefined> = new Map([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", unwrapDeflate],
]);

/** The body as it was meant. @param head octets of the message's head */
function addContent(body: Uint8Array, at: number, head: number, type: string | undefined, tree: TreeBuilder): void {
  if (body.length > 0) addFileData(body, at, tree);
  if (type !== undefined) tree.close(undefined, isKnownType(type) ? head : undefined);
  if (body.length > 0) dissectBody(body, at, type, tree);
  if (type === undefined) tree.close();
}

function addFileData(body: Uint8Array, at: number, tree: TreeBuilder): void {
  const text = decodeLatin1(body).replaceAll(/[\x80-\xff]/g, "\ufffd");
  tree.add(fields.FILE_DATA, at, body.length, text, `File Data: ${body.length} bytes`);
}

function addRequestTies({ place, exchanges, uri }: HttpAbout, tree: TreeBuilder): void {
  const { exchange } = place;
  if (uri !== undefined) tree.generated(fields.FULL_URI, uri);
  tree.hidden(fields.IS_REQUEST, 0, 0, true);
  if (exchange === undefined) return;
  const { index, previous, next, response } = exchange;
  tree.generated(fields.REQUEST_NUMBER, index, `HTTP request ${index}/${exchanges.count}`);
  if (previous?.request !== undefined) tree.generated(fields.PREVIOUS_REQUEST_IN, previous.request);
  if (response !== undefined) tree.generated(fields.RESPONSE_IN, response);
  if (next?.request !== undefined) tree.generated(fields.NEXT_REQUEST_IN, next.request);
}

function addResponseTies({ place, exchanges, uri }: HttpAbout, tree: TreeBuilder): void {
  const { exchange } = place;
  tree.hidden(fields.IS_RESPONSE, 0, 0, true);
  if (exchange !== undefined) {
    const { index, previous, next, request, requestedAt = 0, respondedAt = 0 } = exchange;
    tree.generated(fields.RESPONSE_NUMBER, index, `HTTP response ${index}/${exchanges.count}`);
    if (request !== undefined) tree.generated(fields.TIME, respondedAt - requestedAt);
    if (previous?.request !== undefined) tree.generated(fields.PREVIOUS_REQUEST_IN, previous.request);
    if (previous?.response !== undefined) tree.generated(fields.PREVIOUS_RESPONSE_IN, previous.response);
    if (request !== undefined) tree.generated(fields.REQUEST_IN, request);
    if (next?.request !== undefined) tree.generated(fields.NEXT_REQUEST_IN, next.request);
    if (next?.response !== undefined) tree.generated(fields.NEXT_RESPONSE_IN, next.response);
  }
  if (uri !== undefined) tree.generated(fields.RESPONSE_FOR, uri);
}
