import { decodeLatin1 } from "../../base/latin1.ts";
import type { Dissection } from "../dissect/field.ts";

/** Fields that curl writes itself, as they must be for the request that it makes. */
const CURLS_OWN = new Set(["host", "content-length", "connection", "transfer-encoding"]);
/** What a field's name is made of (RFC 9110 §5.6.2). Other lines are left out: curl would read headers from the file `@name`. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
const ABSOLUTE = /^https?:\/\//i;

/** The HTTP request in a frame as a command line of curl for a POSIX shell; undefined when there is none. */
export function curlOf(dissection: Dissection): string | undefined {
  const layer = dissection.layers.find(({ definition }) => definition.name === "http");
  if (layer === undefined) return undefined;
  const bytes = dissection.sources[layer.source]?.bytes.subarray(layer.offset, layer.offset + layer.length);
  const secure = dissection.layers.some(({ definition }) => definition.name === "tls");
  return bytes === undefined ? undefined : commandOf(bytes, secure ? "https" : "http");
}

/** @param bytes a whole HTTP/1.1 message */
export function commandOf(bytes: Uint8Array, scheme: "http" | "https"): string | undefined {
  const text = decodeLatin1(bytes);
  const ends = /\r?\n\r?\n/.exec(text);
  const head = text.slice(0, ends?.index ?? text.length).split(/\r?\n/);
  const [, method, target] = /^([!-~]+) ([!-~]+) HTTP\/1\.[01]$/.exec(head[0] ?? "") ?? [];
  if (method === undefined || target === undefined) return undefined;
  const fields = head.slice(1).flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return colon <= 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
  });
  const host = fields.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
  const words = ["curl"];
  const body = ends === null ? new Uint8Array(0) : bytes.subarray(ends.index + ends[0].length);
  if (method === "HEAD") words.push("--head");
  else if (method !== (body.length > 0 ? "POST" : "GET")) words.push("-X", quoted(method));
  for (const [name, value] of fields) {
    if (CURLS_OWN.has(name.toLowerCase()) || !TOKEN.test(name)) continue;
    words.push("-H", quoted(value === "" ? `${name};` : `${name}: ${value}`));
  }
  // As it stands: of --data and --data-binary curl would take `@name` for a file to send.
  if (body.length > 0) words.push("--data-raw", quoted(decodeLatin1(body)));
  // A target such as `*`, or one that looks like an option of curl, is never curl's last word.
  const isUrl = ABSOLUTE.test(target);
  if (!isUrl && !target.startsWith("/")) words.push("--request-target", quoted(target));
  const url = isUrl ? target : `${scheme}://${host}${target.startsWith("/") ? target : ""}`;
  // Braces and brackets would make it many requests.
  if (/[[\]{}]/.test(url)) words.push("--globoff");
  words.push(quoted(url));
  return words.join(" ");
}

/**
 * One word of a POSIX shell; what is no printable letter as `$'\x07'`, which bash, zsh and ksh know. No quote stands inside, so that a
 * shell that does not know it reads a wrong word, never a command.
 */
function quoted(latin1: string): string {
  if (/^[ -~]*$/.test(latin1)) return `'${latin1.replaceAll("'", "'\\''")}'`;
  const escaped = latin1.replaceAll("\\", "\\\\").replace(/[^ -~]|'/g, (letter) => {
    return letter === "\n"
      ? "\\n"
      : letter === "\r"
        ? "\\r"
        : `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `$'${escaped}'`;
}
