import { concatenate } from "../../../base/concatenate.ts";
import type { Random } from "../../../base/random.ts";
import type { FormPart } from "./config.ts";
import { CurlError, CurlExit } from "./curl-error.ts";
import { type CurlIo, readAll } from "./io.ts";

/** Types that curl knows by a file's ending. */
const TYPES: Readonly<Record<string, string>> = {
  gif: "image/gif",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  htm: "text/html",
  html: "text/html",
  pdf: "application/pdf",
  xml: "application/xml",
};
const DASHES = "------------------------";
const encoder = new TextEncoder();

/** A form as multipart/form-data (RFC 7578). */
export interface Multipart {
  readonly boundary: string;
  readonly bytes: Uint8Array;
}

interface Part {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly type: string | undefined;
  readonly headers: readonly string[];
  readonly content: Uint8Array;
}

/**
 * @param disposition of each part: `form-data`, but where the whole is another kind of multipart
 * @throws CurlError 26 when a file cannot be read
 */
export async function multipart(
  parts: readonly FormPart[],
  io: CurlIo,
  random: Random,
  disposition = "form-data",
): Promise<Multipart> {
  let boundary = DASHES;
  for (let n = 0; n < 16; n++) boundary += random.below(16).toString(16);
  const pieces: Uint8Array[] = [];
  for (const written of parts) {
    const part = await partOf(written, io);
    pieces.push(
      encoder.encode(`--${boundary}\r\n${fieldsOf(part, disposition)}\r\n`),
      part.content,
      encoder.encode("\r\n"),
    );
  }
  pieces.push(encoder.encode(`--${boundary}--\r\n`));
  return { boundary, bytes: concatenate(pieces) };
}

function fieldsOf({ name, fileName, type, headers }: Part, disposition: string): string {
  const file = fileName === undefined ? "" : `; filename="${escapeName(fileName)}"`;
  const lines = [`Content-Disposition: ${disposition}; name="${escapeName(name)}"${file}`];
  if (type !== undefined) lines.push(`Content-Type: ${type}`);
  return [...lines, ...headers].map((line) => `${line}\r\n`).join("");
}

/** As browsers do (HTML standard, "multipart/form-data encoding algorithm"). */
const escapeName = (name: string): string =>
  name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** `name=content`, `name=@file;type=a/b;filename=c` or `name=<file`. */
async function partOf({ text, literal }: FormPart, io: CurlIo): Promise<Part> {
  const equals = text.indexOf("=");
  const name = text.slice(0, equals);
  const rest = text.slice(equals + 1);
  const plain = { name, fileName: undefined, headers: [] };
  if (literal) return { ...plain, type: undefined, content: encoder.encode(rest) };
  const mark = rest[0] === "@" || rest[0] === "<" ? rest[0] : "";
  const { value, type, fileName, headers } = attributes(rest.slice(mark.length));
  if (mark === "") return { name, fileName, type, headers, content: encoder.encode(value) };
  const content = await contentOf(value, io);
  if (mark === "<") return { name, fileName, type, headers, content };
  const base = value.slice(value.lastIndexOf("/") + 1);
  const ending = /\.([^.]*)$/.exec(fileName ?? base)?.[1]?.toLowerCase() ?? "";
  return {
    name,
    fileName: fileName ?? base,
    type: type ?? (Object.hasOwn(TYPES, ending) ? TYPES[ending] : "application/octet-stream"),
    headers,
    content,
  };
}

async function contentOf(path: string, io: CurlIo): Promise<Uint8Array> {
  try {
    return await readAll(io, path);
  } catch {
    throw new CurlError(CurlExit.READ_ERROR, "Failed to open/read local data from file/application");
  }
}

interface Attributes {
  readonly value: string;
  readonly type: string | undefined;
  readonly fileName: string | undefined;
  readonly headers: readonly string[];
}

/** What stands before the first semicolon, and what is known of what follows; quotes hold semicolons together. */
function attributes(text: string): Attributes {
  const words = split(text);
  const value = unquote(words.shift() ?? "");
  let type: string | undefined;
  let fileName: string | undefined;
  const headers: string[] = [];
  for (const word of words) {
    const [, key = "", given = ""] = /^\s*(\w+)=(.*)$/s.exec(word) ?? [];
    if (key === "type") type = given;
    else if (key === "filename") fileName = unquote(given);
    else if (key === "headers") headers.push(unquote(given));
    else if (type !== undefined) type += `;${word}`;
  }
  return { value, type, fileName, headers };
}

function split(text: string): string[] {
  const words: string[] = [""];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    const last = words.length - 1;
    if (character === '"' && (quoted || /(^|=)\s*$/.test(words[last] ?? ""))) quoted = !quoted;
    if (character === "\\" && quoted) words[last] += character + (text[++at] ?? "");
    else if (character === ";" && !quoted) words.push("");
    else words[last] += character;
  }
  return words;
}

const unquote = (text: string): string =>
  text.startsWith('"') && text.length > 1 ? text.slice(1, -1).replace(/\\(["\\])/g, "$1") : text;
