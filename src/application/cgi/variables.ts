import type { RequestInfo } from "../http/handler.ts";
import { normalPath, pathBytes } from "../http/path.ts";
import type { Request } from "../http/request.ts";

/** Which part of a request's path names the script; both are bytes, each a character, without percent-encoding. */
export interface ScriptPlace {
  /** "" for a script that is the whole site, else begins with "/". */
  readonly scriptName: string;
  /** "" or begins with "/". */
  readonly pathInfo: string;
}

export interface VariableOptions {
  readonly place: ScriptPlace;
  /** Bytes of the body; undefined where there is none, or nobody knows. */
  readonly contentLength: number | undefined;
  /** Where PATH_INFO would lie as a file (RFC 3875 §4.1.6). */
  readonly pathTranslated?: string | undefined;
  /** Whether the script is shown Authorization, which RFC 3875 §4.1.18 advises against. */
  readonly authorization: boolean;
}

export const SERVER_SOFTWARE = "Netarium";

/** Headers that are no variables: they have one of their own, or are about the connection to the client. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...["content-length", "content-type", "connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding"],
  ...["upgrade", "http2-settings"],
]);

/**
 * The meta-variables of a request (RFC 3875 §4.1). Values are bytes, each a character. A header whose name has "_" is left out,
 * because it would pass for another with "-"; so is Proxy, which programs would take for a setting (httpoxy).
 */
export function metaVariables(request: Request, info: RequestInfo, options: VariableOptions): [string, string][] {
  const { place, contentLength, pathTranslated, authorization } = options;
  const { headers, method } = request;
  const host = headers.get("host") ?? "";
  const variables: [string, string][] = [
    ["GATEWAY_INTERFACE", "CGI/1.1"],
    ["SERVER_SOFTWARE", SERVER_SOFTWARE],
    ["SERVER_PROTOCOL", info.version ?? "HTTP/1.1"],
    ["SERVER_NAME", hostname(host) || info.local.address],
    ["SERVER_PORT", String(info.local.port)],
    ["REMOTE_ADDR", info.remote.address],
    ["REQUEST_METHOD", method],
    ["SCRIPT_NAME", place.scriptName],
    ["QUERY_STRING", queryOf(request.target)],
  ];
  if (place.pathInfo !== "") variables.push(["PATH_INFO", place.pathInfo]);
  if (place.pathInfo !== "" && pathTranslated !== undefined) variables.push(["PATH_TRANSLATED", pathTranslated]);
  if (contentLength !== undefined) variables.push(["CONTENT_LENGTH", String(contentLength)]);
  const type = headers.get("content-type");
  if (type !== null) variables.push(["CONTENT_TYPE", type]);
  if (info.tls !== undefined) variables.push(["HTTPS", "on"]);
  variables.push(...headerVariables(headers.raw(), authorization));
  return variables;
}

function headerVariables(fields: Iterable<readonly [string, string]>, authorization: boolean): [string, string][] {
  const values = new Map<string, string>();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    if (!/^[a-z0-9-]+$/.test(key) || LEFT_OUT.has(key) || key.startsWith("proxy")) continue;
    if (key === "authorization" && !authorization) continue;
    const variable = `HTTP_${key.toUpperCase().replaceAll("-", "_")}`;
    const before = values.get(variable);
    // RFC 6265 §5.4 allows one Cookie; were there more, "," would be part of a value.
    values.set(variable, before === undefined ? value : `${before}${key === "cookie" ? "; " : ", "}${value}`);
  }
  return [...values];
}

/** The host of a Host field, without its port. */
const hostname = (host: string): string => host.replace(/:\d*$/, "");

function queryOf(target: string): string {
  const mark = target.indexOf("?");
  return mark < 0 ? "" : target.slice(mark + 1);
}

/**
 * The path of a request as bytes, each a character.
 * @returns undefined for one that no script can be told: the client gets 404
 */
export function requestPath(request: Request): string | undefined {
  const normal = normalPath(request.target);
  return normal && pathBytes(normal.path);
}
