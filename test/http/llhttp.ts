/** llhttp's own cases, each with the log of what it made of its input. */
import { existsSync, readFileSync } from "node:fs";
import { latin1, type Reading, type ReadMessage, type ReadOptions } from "./messages.ts";

const CASES_FILE = new URL("../../../shared/oracles/llhttp-half.json", import.meta.url);

export interface LlhttpCase {
  readonly file: string;
  readonly name: string;
  readonly meta: { readonly type: string; readonly skipBody?: boolean };
  readonly log: string;
  readonly inputB64: string;
  readonly error: { readonly code: number; readonly reason: string } | null;
  readonly messages: number;
}

/** The cases, or undefined where they are not beside the repository. */
export const llhttpCases = (): readonly LlhttpCase[] | undefined =>
  existsSync(CASES_FILE) ? JSON.parse(readFileSync(CASES_FILE, "utf8")) : undefined;

export const titleOf = ({ file, name }: LlhttpCase): string => `${file.replace(/\.md$/, "")}: ${name}`;
export const inputOf = ({ inputB64 }: LlhttpCase): Uint8Array => new Uint8Array(Buffer.from(inputB64, "base64"));

export function optionsOf({ meta }: LlhttpCase): ReadOptions {
  const kind = meta.type.startsWith("request") ? "request" : "response";
  return { kind, close: meta.type.endsWith("finish"), ...(meta.skipBody === true ? { answers: "HEAD" } : {}) };
}

/** It pauses where HTTP is left; that is no fault. */
const PAUSES = new Set([21, 22, 23]);

/** What llhttp made of the input: all messages whose heads are complete. */
export function theirReading({ log, inputB64, error, meta }: LlhttpCase): Reading {
  const input = Buffer.from(inputB64, "base64");
  const reading: Reading = {
    messages: [],
    error: error === null || PAUSES.has(error.code) ? undefined : error.reason,
  };
  let message = emptyMessage();
  let parts: Record<string, string> = {};
  let fields = message.fields;
  for (const line of log.split("\n")) {
    const span = /^off=(\d+) len=(\d+) span\[(\w+)\]/.exec(line);
    const [, off = "", event = ""] = /^off=(\d+) (.*)$/.exec(line) ?? [];
    if (span !== null) {
      const text = latin1(input.subarray(Number(span[1]), Number(span[1]) + Number(span[2])));
      if (span[3] === "body") message.body += text;
      else parts[span[3] as string] = (parts[span[3] as string] ?? "") + text;
    } else if (event === "message begin") {
      message = emptyMessage();
      parts = {};
      fields = message.fields;
    } else if (event === "header_value complete") {
      fields.push(`${parts.header_field}: ${(parts.header_value ?? "").replace(/^[ \t]+|[ \t]+$/g, "")}`);
      delete parts.header_field;
      delete parts.header_value;
    } else if (event.startsWith("headers complete")) {
      const status = /status=(\d+)/.exec(event)?.[1];
      const line = meta.type.startsWith("request")
        ? [parts.method, parts.url, parts.version]
        : [parts.version, status, parts.status ?? ""];
      message.line = line.join(" ");
      reading.messages.push(message);
      fields = message.trailers;
    } else if (event === "message complete" && off !== "") message.complete = true;
    // 0: nothing had begun; 1: the end of the connection is the message's; 2: it comes too early.
    else if (line.startsWith("off=NULL finish=1")) message.complete = true;
    else if (line.startsWith("off=NULL finish=2")) reading.error = "finish";
  }
  return reading;
}

const emptyMessage = (): ReadMessage => ({ line: "", fields: [], trailers: [], body: "", complete: false });

const HOST = "Host: put-in\r\n";

/** The input with a Host in every request that has none: most cases of llhttp leave it out. */
export function withHost(input: Uint8Array): Uint8Array {
  const text = latin1(input).replace(
    /(^|\n)([A-Z-]+ \S+ HTTP\/1\.1\r\n)(?=((?:[^\r\n]+\r\n)*)\r?\n?)/g,
    (all, before: string, line: string, fields: string) => (/^host:/im.test(fields) ? all : before + line + HOST),
  );
  return new Uint8Array(Buffer.from(text, "latin1"));
}

export function withoutHost(reading: Reading): Reading {
  const fields = (message: ReadMessage) => message.fields.filter((field) => `${field}\r\n` !== HOST);
  return { ...reading, messages: reading.messages.map((message) => ({ ...message, fields: fields(message) })) };
}
