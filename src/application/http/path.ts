/** What a request-target names, in one spelling. */
export interface NormalPath {
  /** Begins with "/"; percent-encoded where it has to be. */
  readonly path: string;
  /** With its "?"; "" where there is none. */
  readonly query: string;
}

/** RFC 3986 §3.3: pchar and "/", and the two of `"<>` kind that browsers send as they are. */
const PATH = /^[\w.~!$&'()*+,;=:@%/|[\]{}^`"<>-]*$/;
/** The query of a request-target: visible, and without "#". */
const QUERY = /^[\x21\x22\x24-\x7e]*$/;
/**
 * "." or ".." beside an encoded slash or backslash, or with path parameters (RFC 3986 §3.3): a server behind us that decodes the
 * one or drops the other would take it for a way upwards, out of what rules have allowed.
 */
const LEADS_UP = /(?:^|\/|%2F|%5C)\.\.?(?:;|%2F|%5C)|(?:%2F|%5C)\.\.?(?:\/|$)/;
const MUST_BE_ENCODED = /[|[\]{}^`"<>]/g;

/**
 * Path and query of a request-target in origin-form or absolute-form (RFC 9112 §3.2). Two spellings of one path give one: what
 * need not be encoded is not, hexadecimal digits are capitals (RFC 3986 §6.2.2), "." and ".." are resolved, and slashes that
 * follow one another are one, because servers behind us may take them so. An encoded slash stays what it is, but no way upwards
 * may hide behind it.
 * @returns undefined for what is no path, holds NUL, or leads out above its root
 */
export function normalPath(target: string): NormalPath | undefined {
  const origin = target.startsWith("/") ? target : afterAuthority(target);
  if (origin === undefined) return undefined;
  const mark = origin.indexOf("?");
  const raw = mark < 0 ? origin : origin.slice(0, mark);
  const query = mark < 0 ? "" : origin.slice(mark);
  if (!PATH.test(raw) || !QUERY.test(query)) return undefined;
  const path = decodeUnreserved(raw);
  if (path === undefined) return undefined;
  if (LEADS_UP.test(path)) return undefined;
  const resolved = removeDots(path);
  return resolved === undefined ? undefined : { path: resolved, query };
}

function afterAuthority(target: string): string | undefined {
  const match = /^https?:\/\/[^/?#]+/i.exec(target);
  if (match === null) return undefined;
  const rest = target.slice(match[0].length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function decodeUnreserved(path: string): string | undefined {
  let bad = false;
  const decoded = path.replace(/%(.{0,2})/g, (_, digits: string) => {
    const code = /^[0-9a-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : 0;
    if (code === 0) bad = true;
    const character = String.fromCharCode(code);
    return /[\w.~-]/.test(character) ? character : `%${digits.toUpperCase()}`;
  });
  if (bad) return undefined;
  return decoded.replace(MUST_BE_ENCODED, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** RFC 3986 §5.2.4, but what leads above the root is refused. */
function removeDots(path: string): string | undefined {
  const kept: string[] = [];
  const segments = path.split("/");
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === "..") {
      if (kept.pop() === undefined) return undefined;
    } else if (segment !== "." && segment !== "") {
      kept.push(segment);
    } else if (!isLast) continue;
    if (isLast && (segment === "" || segment === "." || segment === "..")) kept.push("");
  }
  return `/${kept.join("/")}`;
}

/** Whether a path lies under a prefix, by whole segments: `/a` holds `/a` and `/a/b`, not `/ab`. */
export function isUnder(path: string, prefix: string): boolean {
  const base = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return path.startsWith(base) && (path.length === base.length || path[base.length] === "/");
}

/**
 * The bytes that a path of {@link normalPath} names, each a character.
 * @returns undefined where an encoded slash or backslash would look like a separator
 */
export function pathBytes(path: string): string | undefined {
  if (/%2F|%5C/.test(path)) return undefined;
  return path.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
