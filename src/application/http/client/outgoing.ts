import { toBase64 } from "../../../base/base64.ts";
import { type Content, piecesOf } from "../body.ts";
import { Fields } from "../message/fields.ts";
import type { WireBody } from "./wire-body.ts";

/** Fields that this side decides, whatever a caller writes: they are about the connection and the framing. */
const OWN = ["content-length", "transfer-encoding", "host", "keep-alive", "te", "trailer"];
/** Methods whose meaning asks for a body, so that having none is said (RFC 9110 §8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);
/** Methods that may be sent again when it is not known whether they were carried out (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]);

const encoder = new TextEncoder();

export const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);

/** A body as bytes where it is there already, so that it can be sent again; else as it will come. */
export function outgoing(content: Content, told: string | null): WireBody | undefined {
  if (content === null) return undefined;
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  if (bytes instanceof Uint8Array) return { content: bytes, length: bytes.length };
  const length = told !== null && /^\d{1,15}$/.test(told) ? Number(told) : undefined;
  return { content: piecesOf(bytes), length };
}

export interface Defaults {
  readonly userAgent: string | undefined;
  readonly acceptEncoding: string | undefined;
}

/** The fields of a request as they go out: Host first (RFC 9110 §7.2), the caller's, what is usual, the framing. */
export function requestFields(
  method: string,
  host: string,
  given: Iterable<readonly [string, string]>,
  body: WireBody | undefined,
  cookies: string,
  { userAgent, acceptEncoding }: Defaults,
): Fields {
  const fields = new Fields();
  fields.append("Host", host);
  for (const [name, value] of given) {
    if (name.toLowerCase() === "host") fields.set("Host", value);
    else if (!OWN.includes(name.toLowerCase())) fields.append(name, value);
  }
  if (cookies !== "") {
    const own = fields.get("cookie");
    fields.set("Cookie", own === undefined || own === "" ? cookies : `${own}; ${cookies}`);
  }
  if (!fields.has("accept")) fields.append("Accept", "*/*");
  if (acceptEncoding !== undefined && !fields.has("accept-encoding") && !fields.has("range")) {
    fields.append("Accept-Encoding", acceptEncoding);
  }
  if (userAgent !== undefined && !fields.has("user-agent")) fields.append("User-Agent", userAgent);
  if (body === undefined) {
    if (WITH_BODY.has(method)) fields.append("Content-Length", "0");
  } else if (body.length === undefined) fields.append("Transfer-Encoding", "chunked");
  else fields.append("Content-Length", `${body.length}`);
  return fields;
}

/** The value of Authorization for a name and a password (RFC 7617). */
export const formatBasicCredentials = (user: string, password: string): string =>
  `Basic ${toBase64(encoder.encode(`${user}:${password}`))}`;
