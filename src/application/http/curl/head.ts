import { type CurlUrl, hostField } from "./curl-url.ts";

/** What one request says; everything that its head is made of. */
export interface HeadParts {
  readonly method: string;
  readonly url: CurlUrl;
  /** In place of path and query: `--request-target`. */
  readonly target: string | undefined;
  /** Sent to a proxy, that wants whole URLs. */
  readonly absolute: boolean;
  readonly http10: boolean;
  readonly proxyAuthorization: string | undefined;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
  readonly contentRange: string | undefined;
  readonly userAgent: string | undefined;
  readonly acceptEncoding: string | undefined;
  readonly referer: string | undefined;
  readonly chunked: boolean;
  readonly cookies: string;
  readonly timeCondition: string | undefined;
  /** As `-H` has them. */
  readonly headers: readonly string[];
  /** Of the body, after everything else: lines without their ends, left out where `-H` has the name. */
  readonly bodyFields: readonly string[];
}

/** What `-H` says of a name: a line to send, or that none is sent. */
interface Custom {
  readonly name: string;
  readonly line: string | undefined;
}

/** `Name: value` is sent, `Name:` takes a name away, and `Name;` sends it empty. */
function customHeader(text: string): Custom | undefined {
  const [, name = "", mark, value = ""] = /^([^:;]*)([:;])\s*(.*?)\s*$/s.exec(firstLine(text)) ?? [];
  if (name === "") return undefined;
  if (mark === ";") return value === "" ? { name, line: `${name}:` } : undefined;
  return { name, line: value === "" ? undefined : `${name}:${firstLine(text).slice(name.length + 1)}` };
}

/** No field goes on after the end of its line. */
const firstLine = (text: string): string => text.split(/[\r\n\0]/, 1)[0] ?? "";

/** The head of a request as curl writes it, its fields in curl's order. */
export function formatHead(parts: HeadParts): string {
  const custom = parts.headers.flatMap((text) => customHeader(text) ?? []);
  const has = (name: string): boolean => custom.some((each) => each.name.toLowerCase() === name.toLowerCase());
  const host = custom.find(({ name }) => name.toLowerCase() === "host");
  const lines = [`${parts.method} ${targetOf(parts)} HTTP/1.${parts.http10 ? 0 : 1}`];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && !has(name)) lines.push(`${name}: ${value}`);
  };
  if (host === undefined) lines.push(`Host: ${hostField(parts.url)}`);
  else if (host.line !== undefined) lines.push(host.line);
  add("Proxy-Authorization", parts.proxyAuthorization);
  add("Authorization", parts.authorization);
  add("Range", parts.range);
  add("Content-Range", parts.contentRange);
  add("User-Agent", parts.userAgent);
  add("Accept", "*/*");
  add("Accept-Encoding", parts.acceptEncoding);
  add("Referer", parts.referer);
  if (parts.absolute) add("Proxy-Connection", "Keep-Alive");
  if (parts.chunked) add("Transfer-Encoding", "chunked");
  if (parts.cookies !== "") add("Cookie", parts.cookies);
  if (parts.timeCondition !== undefined) lines.push(parts.timeCondition);
  for (const { name, line } of custom) if (line !== undefined && name.toLowerCase() !== "host") lines.push(line);
  for (const line of parts.bodyFields) if (!has(line.slice(0, line.indexOf(":")))) lines.push(line);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function targetOf({ url, target, absolute }: HeadParts): string {
  if (target !== undefined) return firstLine(target);
  const path = escapeText(url.path) + url.query;
  return absolute ? `${url.scheme}://${hostField(url)}${path}` : path;
}

const encoder = new TextEncoder();

/** What is not ASCII goes out escaped; in a query it goes out as it is. */
function escapeText(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) =>
    [...encoder.encode(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  );
}

/** The head that asks a proxy for a tunnel. */
export function formatConnectHead(
  authority: string,
  { http10, userAgent, proxyAuthorization }: Pick<HeadParts, "http10" | "userAgent" | "proxyAuthorization">,
  proxyHeaders: readonly string[],
): string {
  const lines = [`CONNECT ${authority} HTTP/1.${http10 ? 0 : 1}`, `Host: ${authority}`];
  if (proxyAuthorization !== undefined) lines.push(`Proxy-Authorization: ${proxyAuthorization}`);
  if (userAgent !== undefined) lines.push(`User-Agent: ${userAgent}`);
  lines.push("Proxy-Connection: Keep-Alive");
  for (const text of proxyHeaders) {
    const line = customHeader(text)?.line;
    if (line !== undefined) lines.push(line);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
