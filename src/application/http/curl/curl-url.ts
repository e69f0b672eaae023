import { CurlError, CurlExit } from "./curl-error.ts";

/** A URL as curl takes it: hardly anything is changed, so what was written is what is asked for. */
export interface CurlUrl {
  readonly scheme: "http" | "https";
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** As written. */
  readonly host: string;
  /** Undefined for the scheme's own. */
  readonly port: number | undefined;
  /** Begins with a slash. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** With its number sign, or empty. */
  readonly fragment: string;
}

const PARTS = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/\/?)?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s;
/** Schemes that curl guesses from the first label of a host, which we have not. */
const GUESSED = /^(ftp|dict|ldap|imap|smtp|pop3)\./i;

/**
 * Reads a URL; one without a scheme is http.
 * @throws CurlError 3 for what is no URL, 1 for another scheme
 */
export function parseCurlUrl(text: string, pathAsIs = false): CurlUrl {
  const bad = (): CurlError => new CurlError(CurlExit.URL_MALFORMAT, "URL using bad/illegal format or missing URL");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x20\x7f]/.test(text) || text === "") throw bad();
  const [, written, authority = "", path = "", query = "", fragment = ""] = PARTS.exec(text) ?? [];
  const guessed = GUESSED.exec(authority)?.[1];
  const scheme = (written ?? guessed ?? "http").toLowerCase();
  if (scheme !== "http" && scheme !== "https") {
    throw new CurlError(CurlExit.UNSUPPORTED_PROTOCOL, `Protocol "${scheme}" not supported or disabled in libcurl`);
  }
  const at = authority.lastIndexOf("@");
  const [, host = "", digits] = /^(\[[0-9A-Fa-f:.]+\]|[^[\]:]*)(?::(\d*))?$/.exec(authority.slice(at + 1)) ?? [];
  const port = digits === undefined || digits === "" ? undefined : Number(digits);
  if (host === "" || /[\\"<>^`{|}]/.test(host) || (port ?? 0) > 65_535) throw bad();
  const [user, password] = at < 0 ? [] : splitUser(authority.slice(0, at));
  return { scheme, user, password, host, port, path: pathOf(path, pathAsIs), query, fragment };
}

function splitUser(text: string): [string, string | undefined] {
  const colon = text.indexOf(":");
  return colon < 0
    ? [unescapeText(text), undefined]
    : [unescapeText(text.slice(0, colon)), unescapeText(text.slice(colon + 1))];
}

function unescapeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function pathOf(path: string, asIs: boolean): string {
  if (path === "") return "/";
  return asIs || !/\/\.{1,2}(\/|$)/.test(path) ? path : removeDots(path);
}

/** RFC 3986 §5.2.4. */
function removeDots(path: string): string {
  const kept: string[] = [];
  const parts = path.split("/").slice(1);
  parts.forEach((part, index) => {
    const last = index === parts.length - 1;
    if (part === "..") kept.pop();
    if (part === "." || part === "..") {
      if (last) kept.push("");
    } else kept.push(part);
  });
  return `/${kept.join("/")}`;
}

export const portOf = ({ port, scheme }: CurlUrl): number => port ?? (scheme === "https" ? 443 : 80);

/** The value of Host: the port stands there when it is not the scheme's. */
export function hostField(url: CurlUrl): string {
  const usual = url.scheme === "https" ? 443 : 80;
  return url.port === undefined || url.port === usual ? url.host : `${url.host}:${url.port}`;
}

/** As `%{url_effective}` tells it. */
export function formatUrl(url: CurlUrl, credentials = true): string {
  const { scheme, user, password, host, port, path, query, fragment } = url;
  const who = user === undefined || !credentials ? "" : `${user}${password === undefined ? "" : `:${password}`}@`;
  return `${scheme}://${who}${host}${port === undefined ? "" : `:${port}`}${path}${query}${fragment}`;
}

/** Where a Location leads from a URL; spaces in it are escaped, as servers send them. */
export function resolveLocation(base: CurlUrl, location: string, pathAsIs: boolean): CurlUrl {
  const text = escapeLocation(location);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) return parseCurlUrl(text, pathAsIs);
  if (text.startsWith("//")) return parseCurlUrl(`${base.scheme}:${text}`, pathAsIs);
  const { path, query } = relative(base, text);
  const hash = text.indexOf("#");
  return { ...base, path: pathOf(path, pathAsIs), query, fragment: hash < 0 ? "" : text.slice(hash) };
}

function relative(base: CurlUrl, text: string): { path: string; query: string } {
  const [, path = "", query = ""] = /^([^?#]*)(\?[^#]*)?/.exec(text) ?? [];
  if (path.startsWith("/")) return { path, query };
  if (path === "") return { path: base.path, query: query === "" ? base.query : query };
  return { path: base.path.slice(0, base.path.lastIndexOf("/") + 1) + path, query };
}

function escapeLocation(text: string): string {
  let escaped = "";
  let inQuery = false;
  for (const character of text) {
    if (character === "?") inQuery = true;
    const code = character.charCodeAt(0);
    if (character === " ") escaped += inQuery ? "+" : "%20";
    else escaped += code < 0x20 || code > 0x7e ? `%${code.toString(16).padStart(2, "0")}` : character;
  }
  return escaped;
}

/** The last part of the path, which `-O` names a file by. */
export const remoteName = (url: CurlUrl): string => url.path.slice(url.path.lastIndexOf("/") + 1);
