import { fromBase64 } from "../../../base/base64.ts";
import { decodeLatin1 } from "../../../base/latin1.ts";
import { text as line, type TreeBuilder } from "../../../capture/dissect/dissector.ts";
import type { FieldDefinition } from "../../../capture/dissect/field.ts";
import { escaped } from "../../../capture/dissect/field-text.ts";
import * as fields from "./fields.ts";
import { meaningOf } from "./meanings.ts";

const PART = line("");

/** What the body's dissection needs of a head. */
export interface HeadFields {
  contentType: string | undefined;
  chunked: boolean;
  encoding: string | undefined;
}

/**
 * Shows a head, line for line.
 * @param bytes of the message
 * @param end behind the empty line
 */
export function dissectHead(
  bytes: Uint8Array,
  end: number,
  kind: "request" | "response",
  tree: TreeBuilder,
): HeadFields {
  const text = decodeLatin1(bytes, 0, end);
  const found: HeadFields = { contentType: undefined, chunked: false, encoding: undefined };
  let at = 0;
  while (at < end) {
    const next = lineEnd(text, at);
    const whole = text.slice(at, next);
    const content = whole.replace(/\r?\n$/, "");
    if (at === 0) (kind === "request" ? requestLine : statusLine)(whole, content, tree);
    else if (content === "") tree.add(PART, at, next - at, undefined, escaped(whole));
    else fieldLine(whole, content, at, kind, found, tree);
    at = next;
  }
  return found;
}

const lineEnd = (text: string, at: number): number => {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found + 1;
};

function requestLine(whole: string, content: string, tree: TreeBuilder): void {
  const title = escaped(whole);
  tree.open(PART, 0, whole.length, undefined, title);
  tree.expert(fields.CHAT, title);
  const [method = "", target = "", version = ""] = content.split(" ");
  tree.add(fields.REQUEST_METHOD, 0, method.length, method);
  const at = method.length + 1;
  tree.open(fields.REQUEST_URI, at, target.length, target);
  const question = target.indexOf("?");
  if (question >= 0) targetParts(target, question, at, tree);
  tree.close();
  if (version !== "") tree.add(fields.REQUEST_VERSION, at + target.length + 1, version.length, version);
  tree.close();
}

function targetParts(target: string, question: number, at: number, tree: TreeBuilder): void {
  const query = target.slice(question + 1);
  tree.add(fields.URI_PATH, at, question, target.slice(0, question));
  tree.open(fields.URI_QUERY, at + question + 1, query.length, query);
  let from = at + question + 1;
  for (const parameter of query.split("&")) {
    tree.add(fields.URI_PARAMETER, from, parameter.length, parameter);
    from += parameter.length + 1;
  }
  tree.close();
}

function statusLine(whole: string, content: string, tree: TreeBuilder): void {
  const title = escaped(whole);
  tree.open(PART, 0, whole.length, undefined, title);
  tree.expert(fields.CHAT, title);
  const match = /^(\S+)(?: +(\d{3})(?: (.*))?)?/.exec(content);
  const [, version = "", code, phrase] = match ?? [];
  tree.add(fields.RESPONSE_VERSION, 0, version.length, version);
  if (code !== undefined) {
    const at = content.indexOf(code, version.length);
    tree.add(fields.RESPONSE_CODE, at, 3, Number(code));
    tree.add(fields.RESPONSE_MEANING, at, 3, meaningOf(Number(code)));
    if (phrase !== undefined && phrase !== "") tree.add(fields.RESPONSE_PHRASE, at + 4, phrase.length, phrase);
  }
  tree.close();
}

function fieldLine(
  whole: string,
  content: string,
  at: number,
  kind: "request" | "response",
  found: HeadFields,
  tree: TreeBuilder,
): void {
  const colon = content.indexOf(":");
  const name = colon < 0 ? "" : content.slice(0, colon).toLowerCase();
  const value = colon < 0 ? content : content.slice(colon + 1).trim();
  const plain = kind === "request" ? fields.REQUEST_LINE : fields.RESPONSE_LINE;
  const definition = definitionOf(name);
  const title = escaped(whole);
  if (definition === undefined) {
    tree.open(plain, at, whole.length, whole, title);
    if (/[^!#-'*+\-.^-z|~\dA-Z]/.test(name)) tree.expert(fields.BAD_NAME);
    tree.close();
    return;
  }
  tree.open(definition, at, whole.length, value, title);
  if (name === "content-type") found.contentType ??= value;
  else if (name === "transfer-encoding") found.chunked = /chunked$/i.test(value);
  else if (name === "content-encoding") found.encoding = value;
  else if (name === "content-length") contentLength(value, at, whole.length, tree);
  else if (name === "cookie") cookiePairs(content, at, colon, tree);
  else if (name === "authorization" || name === "proxy-authorization") credentials(value, tree);
  tree.close();
  tree.hidden(plain, at, whole.length, whole, title);
}

function definitionOf(name: string): FieldDefinition | undefined {
  if (name === "content-length") return fields.LENGTH_FIELD;
  if (name === "accept-encoding") return fields.ACCEPT_ENCODING;
  return fields.NAMED_FIELDS.get(name);
}

function contentLength(value: string, at: number, length: number, tree: TreeBuilder): void {
  if (/^\d{1,19}$/.test(value)) tree.generated(fields.CONTENT_LENGTH, BigInt(value), undefined, at, length);
}

function cookiePairs(content: string, at: number, colon: number, tree: TreeBuilder): void {
  for (const match of content.slice(colon + 1).matchAll(/[^;\s][^;]*/g)) {
    tree.add(fields.COOKIE_PAIR, at + colon + 1 + match.index, match[0].length, match[0]);
  }
}

function credentials(value: string, tree: TreeBuilder): void {
  const [scheme = "", token = ""] = value.split(" ", 2);
  if (scheme.toLowerCase() !== "basic") return;
  const decoded = fromBase64(token);
  if (decoded !== undefined) tree.generated(fields.CREDENTIALS, decodeLatin1(decoded));
}
