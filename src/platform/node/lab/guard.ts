import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Request } from "../../../application/http/request.ts";

/** Bytes of chance in a token. */
const TOKEN_BYTES = 32;

/** Who has it may watch and steer the engine: one for each start. */
export const makeToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

/** Compares in a time that tells nothing of how much of it was right, nor how long it is. */
export function isToken(given: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given ?? ""), digest(token)) && given !== undefined;
}

const NAMES = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Whether a request is for this machine by one of its own names. A page from elsewhere whose name was made to lead here (DNS
 * rebinding) sends its own name as Host.
 */
export function isOwnHost(request: Request, port: number): boolean {
  const host = request.headers.get("host")?.toLowerCase();
  if (host === undefined || !request.target.startsWith("/")) return false;
  return NAMES.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
}

/** Whether a page asks that came from here, by the very name that it asks for: browsers say so, and let no page lie. */
export const isOwnOrigin = (request: Request): boolean =>
  request.headers.get("origin") === `http://${request.headers.get("host")?.toLowerCase()}`;

/** Of every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

export const makeNonce = (): string => randomBytes(16).toString("base64");

/**
 * What the page may load: its own files, and its engine.
 * @param nonce of the style elements that libraries write into the page: xterm's colours, say
 */
export const contentSecurityPolicy = (nonce: string, host: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
