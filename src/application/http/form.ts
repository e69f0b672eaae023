import { decodeLatin1, encodeLatin1 } from "../../base/latin1.ts";

/** Fields that a form may have; one more refuses it. */
const FORM_FIELDS_LIMIT = 10_000;

const decoder = new TextDecoder();
/** The standards want a byte order mark to stay where a form's values are. */
const withMark = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads a form that is in memory (Fetch standard, "formData"; RFC 7578).
 * @throws TypeError for another type, or a broken body
 */
export function parseForm(contentType: string, bytes: Uint8Array): FormData {
  const [essence = ""] = contentType.split(";", 1);
  switch (essence.trim().toLowerCase()) {
    case "application/x-www-form-urlencoded":
      return parseUrlencoded(withMark.decode(bytes));
    case "multipart/form-data":
      return parseMultipart(bytes, boundaryOf(contentType));
    default:
      throw new TypeError(`a form has another type than ${JSON.stringify(contentType)}`);
  }
}

function parseUrlencoded(text: string): FormData {
  const form = new FormData();
  // The constructor would drop a question mark at the start, which is no part of the form's syntax.
  const fields = new URLSearchParams(text.startsWith("?") ? `&${text}` : text);
  if (fields.size > FORM_FIELDS_LIMIT) throw new TypeError("a form with too many fields");
  for (const [name, value] of fields) form.append(name, value);
  return form;
}

/** RFC 2046 §5.1.1. */
function boundaryOf(contentType: string): string {
  const match = /;\s*boundary=(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(contentType);
  const boundary = match?.[1]?.replaceAll(/\\(.)/g, "$1") ?? match?.[2] ?? "";
  if (boundary.length < 1 || boundary.length > 70) throw new TypeError("a multipart form without a boundary");
  return boundary;
}

function parseMultipart(bytes: Uint8Array, boundary: string): FormData {
  // One character a byte, so that searching is the engine's and places are those of the bytes.
  const text = decodeLatin1(bytes);
  const form = new FormData();
  const delimiter = `--${boundary}`;
  let at = text.startsWith(delimiter) ? 0 : text.indexOf(`\r\n${delimiter}`) + 2;
  if (at === 1) throw broken("no boundary");
  for (let count = 0; ; count++) {
    at += delimiter.length;
    if (text.startsWith("--", at)) return form;
    if (count >= FORM_FIELDS_LIMIT) throw broken("too many fields");
    while (text[at] === " " || text[at] === "\t") at++;
    if (!text.startsWith("\r\n", at)) throw broken("a boundary with something behind it");
    const headEnd = text.indexOf("\r\n\r\n", at);
    const end = headEnd < 0 ? -1 : text.indexOf(`\r\n${delimiter}`, headEnd + 2);
    if (end < 0) throw broken("a part that does not end");
    // The empty line may be the one before the boundary, when the part is empty.
    append(form, text.slice(at + 2, headEnd), bytes.subarray(Math.min(headEnd + 4, end), end));
    at = end + 2;
  }
}

function append(form: FormData, head: string, value: Uint8Array): void {
  let disposition = "";
  let type = "text/plain";
  for (const line of head.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    if (name === "content-disposition") disposition = line.slice(colon + 1).trim();
    if (name === "content-type") type = line.slice(colon + 1).trim();
  }
  const name = parameterOf(disposition, "name");
  if (!/^form-data\s*;/i.test(disposition) || name === undefined) throw broken("a part without a name");
  const filename = parameterOf(disposition, "filename");
  if (filename === undefined) form.append(name, withMark.decode(value));
  else form.append(name, new File([new Uint8Array(value)], filename, { type, lastModified: 0 }));
}

/** As browsers write it: in UTF-8, where quote, CR and LF are percent-encoded. */
function parameterOf(disposition: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s;"]+))`, "i").exec(disposition);
  const raw = match?.[1] ?? match?.[2];
  if (raw === undefined) return undefined;
  const text = decoder.decode(encodeLatin1(raw));
  return text.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%22", '"');
}

const broken = (why: string): TypeError => new TypeError(`a broken multipart form: ${why}`);
