import type { RequestInfo } from "../../http/handler.ts";
import type { Request } from "../../http/request.ts";

/** Of the pages: nothing from elsewhere, no script or style in the page itself, and in no frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** What every answer has. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/**
 * Whether a request comes from the chat's own page: its Origin is exactly where the chat is (RFC 6454 §7). A program that is no
 * browser has to say the same.
 * @param origins where the chat is reached, when that is not where it is served: behind a proxy
 */
export function isOwnOrigin(
  request: Pick<Request, "headers">,
  info: Pick<RequestInfo, "tls">,
  origins: readonly string[],
): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return false;
  if (origins.length > 0) return origins.includes(origin);
  const host = request.headers.get("host") ?? "";
  return origin === `${info.tls === undefined ? "http" : "https"}://${host.toLowerCase()}`;
}

/** Whether cookies go over a ciphered connection only. */
export const isSecure = (info: Pick<RequestInfo, "tls">, origins: readonly string[]): boolean =>
  info.tls !== undefined || (origins.length > 0 && origins.every((each) => each.startsWith("https:")));
