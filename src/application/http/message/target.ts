import type { TargetForm } from "./head.ts";
import { CLASS, COLON, DIGIT, HEX, HOST_NAME, isOf, REG_NAME } from "./octets.ts";

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const PERCENT = 0x25;
const PORTS = 65_535;

/** The form of a request target, or undefined when it has none that goes with the method (RFC 9112 §3.2). */
export function targetForm(method: string, target: string): TargetForm | undefined {
  if (method === "CONNECT") return isAuthority(target, true) ? "authority" : undefined;
  if (target.charCodeAt(0) === 0x2f) return "origin";
  if (target === "*") return method === "OPTIONS" ? "asterisk" : undefined;
  const scheme = SCHEME.exec(target)?.[0].toLowerCase();
  if (scheme === undefined) return undefined;
  // Without an authority it might be `host:port`, which goes with CONNECT only.
  const authority = authorityOf(target);
  if (authority === undefined) return undefined;
  if (scheme !== "http:" && scheme !== "https:") return "absolute";
  return authority !== "" && authority[0] !== ":" && isAuthority(authority) ? "absolute" : undefined;
}

/** What stands between `//` and the path of an absolute-form target; undefined when there is no `//`. */
export function authorityOf(target: string): string | undefined {
  const slashes = target.indexOf(":") + 1;
  if (slashes === 0 || !target.startsWith("//", slashes)) return undefined;
  let end = slashes + 2;
  while (end < target.length && target[end] !== "/" && target[end] !== "?") end++;
  return target.slice(slashes + 2, end);
}

/**
 * Whether the text is `uri-host [ ":" port ]`, as Host must be (RFC 9110 §7.2); it may be empty, which says that the
 * target has no authority. Nobody's name may stand in it: userinfo is treated as an error (§4.2.4).
 * @param whole that it has both host and port, as the target of CONNECT must (RFC 9112 §3.2.3)
 */
export function isAuthority(text: string, whole = false): boolean {
  const end = hostEnd(text);
  if (end < 0 || (end === 0 && text.length > 0)) return false;
  if (end === text.length) return !whole;
  if (text.charCodeAt(end) !== COLON) return false;
  let port = 0;
  for (let i = end + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isOf(DIGIT, code)) return false;
    port = port * 10 + code - 0x30;
    if (port > PORTS) return false;
  }
  return !whole || end + 1 < text.length;
}

/**
 * Whether these octets are what a Host almost always is: letters, digits, hyphens and dots, and a port below 60,000 or
 * none. If not, it may be right even so.
 */
export function isPlainHost(bytes: Uint8Array, start: number, end: number): boolean {
  let pos = start;
  while (pos < end && (CLASS[bytes[pos]!]! & HOST_NAME) !== 0) pos++;
  if (pos === start) return false;
  if (pos === end) return true;
  if (bytes[pos] !== COLON || end - pos > 6 || (end - pos === 6 && bytes[pos + 1]! > 0x35)) return false;
  for (pos++; pos < end; pos++) if ((CLASS[bytes[pos]!]! & DIGIT) === 0) return false;
  return true;
}

/** Where the host at the beginning ends (RFC 3986 §3.2.2); −1 when it is none. */
function hostEnd(text: string): number {
  if (text.charCodeAt(0) === OPEN_BRACKET) {
    const end = text.indexOf("]") + 1;
    return end > 0 && /^\[[0-9A-Fa-f:.]+\]$/.test(text.slice(0, end)) && URL.canParse(`http://${text.slice(0, end)}/`)
      ? end
      : -1;
  }
  let i = 0;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isOf(REG_NAME, code)) continue;
    if (code !== PERCENT) return code === CLOSE_BRACKET ? -1 : i;
    if (!isHex(text.charCodeAt(i + 1)) || !isHex(text.charCodeAt(i + 2))) return -1;
    i += 2;
  }
  return i;
}

const isHex = (code: number): boolean => code < 256 && HEX[code]! >= 0;
