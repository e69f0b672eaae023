import { encodeLatin1 } from "../../../base/latin1.ts";
import type { Handler } from "../handler.ts";
import { plain } from "../plain.ts";
import type { Request } from "../request.ts";
import { Response } from "../response.ts";
import { ownResponse } from "./response.ts";

/** The methods that a server knows: to others it answers 501 (RFC 9110 §9.1). CONNECT is a proxy's. */
const KNOWN: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "OPTIONS",
  "PATCH",
  "TRACE",
  "CONNECT",
]);

/** What TRACE does not send back, as it may be a secret (RFC 9110 §9.3.8). */
const SECRET: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);

/** Handlers of one resource by their methods. */
export type Methods = Readonly<
  Partial<Record<"GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "PATCH" | "OPTIONS" | "TRACE", Handler>>
>;

/**
 * Answers by the request's method. HEAD is what GET is, without the body; OPTIONS tells what there is; what there is not is
 * 405 with `Allow`, or 501 for a method that nobody knows (RFC 9110 §9.1, §15.5.6, §15.6.2).
 */
export function byMethod(methods: Methods): Handler {
  const allowed = allowedBy(Object.keys(methods));
  return async (request, info) => {
    const { method } = request;
    const own = Object.hasOwn(methods, method) ? methods[method as keyof Methods] : undefined;
    if (own !== undefined) return own(request, info);
    if (method === "HEAD" && methods.GET !== undefined)
      return withoutBody(ownResponse(await methods.GET(request, info)));
    if (method === "OPTIONS") return new Response(null, { status: 204, headers: { Allow: allowed } });
    return refuseMethod(method, allowed);
  };
}

/** 405 with what is allowed instead, or 501. */
export function refuseMethod(method: string, allow: string): Response {
  if (!KNOWN.has(method)) return plain(501, "This server does not know that method.");
  return plain(405, "That method is not for this resource.", { Allow: allow });
}

/** The value of `Allow` for methods that a resource has handlers for. */
function allowedBy(methods: readonly string[]): string {
  const all = new Set(methods);
  if (all.has("GET")) all.add("HEAD");
  all.add("OPTIONS");
  return [...all].join(", ");
}

/** Echoes the request (RFC 9110 §9.3.8), but for what may be a secret. To be given as a resource's TRACE where that is wanted. */
export function trace(request: Request): Response {
  const lines = [`TRACE ${request.target} HTTP/1.1`];
  for (const [name, value] of request.headers.raw()) {
    if (!SECRET.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  return new Response(encodeLatin1(`${lines.join("\r\n")}\r\n\r\n`), { headers: { "Content-Type": "message/http" } });
}

/** A GET's answer to a HEAD: the body goes, its length stays where it is known. */
function withoutBody(response: Response): Response {
  void response.body?.cancel();
  const { status, statusText, headers } = response;
  return new Response(null, { status, statusText, headers });
}
