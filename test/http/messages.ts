/** What a parser made of an input, as text that can be compared: ours, and what others say of theirs. */
import { MessageParser } from "../../src/application/http/message/index.ts";

export interface ReadMessage {
  /** `GET /x 1.1`, or `1.1 200 OK`. */
  line: string;
  readonly fields: string[];
  readonly trailers: string[];
  body: string;
  complete: boolean;
}

export interface Reading {
  readonly messages: ReadMessage[];
  /** Our code of the fault, or another's word for it. */
  error: string | undefined;
}

export interface ReadOptions {
  readonly kind: "request" | "response";
  /** Where the input is cut. */
  readonly cuts?: readonly number[];
  /** The method that every response answers. */
  readonly answers?: string;
  /** Whether the connection ends after the input. */
  readonly close?: boolean;
}

/** Reads with our parser, as a server or client that follows every upgrade would: it stops after one. */
export function read(input: Uint8Array, options: ReadOptions): Reading {
  const parser = new MessageParser(options.kind);
  const reading: Reading = { messages: [], error: undefined };
  if (options.answers !== undefined) parser.answers(options.answers);
  let start = 0;
  for (const end of [...(options.cuts ?? []), input.length]) {
    const piece = input.slice(start, end);
    start = end;
    let pos = 0;
    for (;;) {
      pos = parser.parse(piece, pos, piece.length);
      if (parser.event === "more") break;
      take(parser, reading, piece);
      if (parser.event === "error") return reading;
      if (parser.event === "end" && left(parser)) return reading;
      if (parser.event === "end" && options.answers !== undefined) parser.answers(options.answers);
    }
  }
  if (options.close === true) {
    parser.close();
    take(parser, reading, input);
  }
  return reading;
}

/** Whether the two have left HTTP. */
function left({ head }: MessageParser): boolean {
  return head.method === "CONNECT" || head.status === 101 || (head.status === 0 && head.upgrade !== undefined);
}

function take(parser: MessageParser, reading: Reading, piece: Uint8Array): void {
  const { head } = parser;
  const message = reading.messages.at(-1);
  if (parser.event === "head") {
    const version = `1.${head.minor}`;
    const line = head.status === 0 ? [head.method, head.target, version] : [version, head.status, head.reason];
    const fields = [...head.fields].map(([name, value]) => `${name}: ${value}`);
    reading.messages.push({ line: line.join(" "), fields, trailers: [], body: "", complete: false });
  } else if (parser.event === "body" && message !== undefined) {
    message.body += latin1(piece.subarray(parser.bodyStart, parser.bodyEnd));
  } else if (parser.event === "end" && message !== undefined) {
    message.complete = true;
    message.trailers.push(...[...parser.trailers].map(([name, value]) => `${name}: ${value}`));
  } else if (parser.event === "error") reading.error = parser.failure?.code;
}

export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
