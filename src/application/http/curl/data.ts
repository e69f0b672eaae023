import { concatenate } from "../../../base/concatenate.ts";
import type { DataPart } from "./config.ts";
import { type CurlIo, readAll } from "./io.ts";

const encoder = new TextEncoder();

/** What `-d` and its like come to: the pieces with `&` between them, those of `--json` without. */
export async function dataOf(parts: readonly DataPart[], io: CurlIo): Promise<Uint8Array | undefined> {
  if (parts.length === 0) return undefined;
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    if (pieces.length > 0 && part.kind !== "json") pieces.push(encoder.encode("&"));
    pieces.push(await partOf(part, io));
  }
  return concatenate(pieces);
}

async function partOf({ kind, text }: DataPart, io: CurlIo): Promise<Uint8Array> {
  if (kind === "data-urlencode") return encoder.encode(await urlencoded(text, io));
  if (kind === "data-raw" || !text.startsWith("@")) return encoder.encode(text);
  const bytes = await contentOf(text.slice(1), io);
  // -d @file leaves out the ends of lines, and NUL
  return kind === "data" ? bytes.filter((byte) => byte !== 13 && byte !== 10 && byte !== 0) : bytes;
}

/** A file that cannot be read counts as empty, as in curl. */
async function contentOf(path: string, io: CurlIo): Promise<Uint8Array> {
  try {
    return await readAll(io, path);
  } catch {
    io.stderr(`Warning: Couldn't read data from file "${path}", this makes an empty POST.\n`);
    return new Uint8Array(0);
  }
}

/** `content`, `=content`, `name=content`, `@file` or `name@file`, the content escaped. */
export async function urlencoded(text: string, io: CurlIo): Promise<string> {
  const at = text.search(/[=@]/);
  const name = at < 0 ? "" : text.slice(0, at);
  const rest = text.slice(at + 1);
  const content = at >= 0 && text[at] === "@" ? await contentOf(rest, io) : encoder.encode(rest);
  return `${name === "" ? "" : `${name}=`}${escapeBytes(content)}`;
}

/** Every byte but the unreserved of RFC 3986 as `%XX`, a space as a form has it. */
function escapeBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (byte === 0x20) text += "+";
    else
      text += /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}
