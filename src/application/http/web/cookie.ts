import type { Headers } from "../headers.ts";
import { isToken } from "../message/octets.ts";
import { formatHttpDate } from "./date.ts";

/** Cookies of one request that are looked at. */
export const COOKIES_LIMIT = 300;
/** Bytes of a name and value together; a longer cookie no browser keeps (RFC 6265bis §5.6). */
export const COOKIE_LIMIT = 4096;

export interface CookieOptions {
  /** Unless given, the folder of the URL that sets it. */
  readonly path?: string | undefined;
  /** Hosts under it get the cookie too; unless given, only the host that sets it. */
  readonly domain?: string | undefined;
  /** Seconds that it lives; unless given, until the browser is closed. 0 removes it. */
  readonly maxAge?: number | undefined;
  /** Milliseconds since 1970, for what does not know Max-Age. */
  readonly expires?: number | undefined;
  readonly secure?: boolean | undefined;
  /** Scripts do not see it; true unless given. */
  readonly httpOnly?: boolean | undefined;
  /** `"Lax"` unless given. */
  readonly sameSite?: "Strict" | "Lax" | "None" | undefined;
}

/** RFC 6265 §4.1.1. */
const COOKIE_OCTETS = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
/** Any CHAR except controls and ";" (RFC 6265 §4.1.1). */
const ATTRIBUTE_VALUE = /^[\x20-\x3a\x3c-\x7e]*$/;

/**
 * Writes a Set-Cookie value as a server must (RFC 6265 §4.1), with `HttpOnly` and `SameSite=Lax` unless told otherwise.
 * @throws TypeError for what cannot be said so: encode a value that has other characters
 */
export function formatSetCookie(name: string, value: string, options: CookieOptions = {}): string {
  const { path, domain, maxAge, expires, secure = false, httpOnly = true, sameSite = "Lax" } = options;
  if (!isToken(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a cookie`);
  if (!COOKIE_OCTETS.test(value)) throw new TypeError(`${JSON.stringify(value)} is no value of a cookie: encode it`);
  if (name.length + value.length > COOKIE_LIMIT) throw new TypeError(`a cookie of more than ${COOKIE_LIMIT} bytes`);
  for (const text of [path, domain]) {
    if (text !== undefined && !ATTRIBUTE_VALUE.test(text))
      throw new TypeError(`${JSON.stringify(text)} holds what no attribute does`);
  }
  if (maxAge !== undefined && !Number.isSafeInteger(maxAge)) throw new TypeError("Max-Age is whole seconds");
  checkPrefix(name, options);
  const parts = [`${name}=${value}`];
  if (path !== undefined) parts.push(`Path=${path}`);
  if (domain !== undefined) parts.push(`Domain=${domain}`);
  if (maxAge !== undefined) parts.push(`Max-Age=${Math.max(0, maxAge)}`);
  if (expires !== undefined) parts.push(`Expires=${formatHttpDate(expires)}`);
  if (secure) parts.push("Secure");
  if (httpOnly) parts.push("HttpOnly");
  parts.push(`SameSite=${sameSite}`);
  return parts.join("; ");
}

/** What browsers ask of names that begin so, and drop the cookie without (RFC 6265bis §4.1.3, as SameSite is from there). */
function checkPrefix(name: string, { path, domain, secure, sameSite }: CookieOptions): void {
  const lower = name.toLowerCase();
  if (lower.startsWith("__host-") && (secure !== true || path !== "/" || domain !== undefined)) {
    throw new TypeError("a __Host- cookie is secure, has the path / and no domain");
  }
  if (lower.startsWith("__secure-") && secure !== true) throw new TypeError("a __Secure- cookie is secure");
  if (sameSite === "None" && secure !== true) throw new TypeError("a cookie with SameSite=None is secure");
}

/**
 * Reads the cookies of a request (RFC 6265 §4.2), values as they were sent. Of two with one name the first counts: user agents
 * put the longer path first (§5.4).
 */
export function parseCookies(headers: Pick<Headers, "get">): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  // Several Cookie fields are joined by a comma, which no value can hold but browsers let pass: only "; " parts them.
  for (const pair of (headers.get("cookie") ?? "").split(";", COOKIES_LIMIT)) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, equals)).trim();
    if (name === "" || cookies.has(name)) continue;
    const value = pair.slice(equals + 1).trim();
    cookies.set(name, /^"[^"]*"$/.test(value) ? value.slice(1, -1) : value);
  }
  return cookies;
}
