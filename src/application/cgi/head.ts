import { isToken } from "../http/message/octets.ts";
import { ScriptError } from "./errors.ts";

/** Bytes that the head of a script's answer may have. */
export const HEAD_LIMIT = 65_536;
/** Fields that it may have. */
const FIELDS_LIMIT = 200;

/** What a script answers before its body (RFC 3875 §6). */
export interface ScriptHead {
  readonly status: number;
  /** "" where the script gave none. */
  readonly reason: string;
  /** Without those of CGI's own; a name may come more than once, as Set-Cookie does. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** A path of this server, whose answer is to be sent in place of this one (§6.2.2). */
  readonly localRedirect: string | undefined;
}

const LF = 0x0a;
/** A field value without controls (RFC 9110 §5.5), in characters that are bytes. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const STATUS = /^([1-9]\d\d)(?: (.*))?$/;

/** Fields about the connection to the client, which is not the script's (RFC 3875 §6.3.4). */
const NOT_THE_SCRIPTS: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
]);

/** Reads the head of a script's answer as it comes. */
export class ScriptHeadReader {
  #length = 0;
  /** The line that has not ended. */
  #line = "";
  readonly #lines: string[] = [];

  /**
   * @returns where the body begins in these bytes; undefined while more of the head is to come
   * @throws ScriptError when it is none
   */
  read(bytes: Uint8Array): { head: ScriptHead; body: number } | undefined {
    for (let at = 0; at < bytes.length; at++) {
      if (++this.#length > HEAD_LIMIT) throw new ScriptError(`a head of more than ${HEAD_LIMIT} bytes`);
      const byte = bytes[at] as number;
      if (byte !== LF) {
        this.#line += String.fromCharCode(byte);
        continue;
      }
      // Both LF and CRLF end a line (RFC 3875 §6.2).
      const line = this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line;
      this.#line = "";
      if (line === "") return { head: toHead(this.#lines), body: at + 1 };
      if (this.#lines.push(line) > FIELDS_LIMIT) throw new ScriptError(`a head of more than ${FIELDS_LIMIT} fields`);
    }
    return undefined;
  }
}

function toHead(lines: readonly string[]): ScriptHead {
  const fields: [string, string][] = [];
  const own = new Map<string, string>();
  for (const line of lines) {
    const [name, value] = toField(line);
    const key = name.toLowerCase();
    if (key === "status" || key === "location" || key === "content-type") {
      // RFC 3875 §6.3: "each field name MUST NOT appear more than once" among CGI's own.
      if (own.has(key)) throw new ScriptError(`two fields ${name}`);
      own.set(key, value);
    }
    if (key !== "status" && !NOT_THE_SCRIPTS.has(key)) fields.push([name, value]);
  }
  if (lines.length === 0) throw new ScriptError("a head without fields");
  const given = own.get("status");
  const location = own.get("location");
  if (given === undefined) return withoutStatus(fields, location);
  const [, code, reason = ""] = STATUS.exec(given) ?? [];
  const status = Number(code);
  if (code === undefined || status < 200) throw new ScriptError(`a status that is none: ${given}`);
  return { status, reason: reason.trim(), fields, localRedirect: undefined };
}

function toField(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(colon, 0));
  if (!isToken(name)) throw new ScriptError(`a line that is no field: ${JSON.stringify(line.slice(0, 80))}`);
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "");
  if (!VALUE.test(value)) throw new ScriptError(`a value of ${name} with a control character`);
  return [name, value];
}

/** RFC 3875 §6.2: what Location means depends on what stands beside it. */
function withoutStatus(fields: [string, string][], location: string | undefined): ScriptHead {
  if (location === undefined) return { status: 200, reason: "", fields, localRedirect: undefined };
  if (/^\/(?!\/)/.test(location)) return { status: 200, reason: "", fields, localRedirect: location };
  return { status: 302, reason: "", fields, localRedirect: undefined };
}
