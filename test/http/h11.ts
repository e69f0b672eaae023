/** h11, a parser in Python, as a second judge: what it makes of the first message of an input. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { MessageParser } from "../../src/application/http/message/index.ts";
import { latin1 } from "./messages.ts";

export interface FirstMessage {
  /** `GET /x 1.1`, or `1.1 200 OK`; "" when no head is complete. */
  line: string;
  fields: string[];
  trailers: string[];
  body: string;
  complete: boolean;
  /** Octets after the message, when it is complete. */
  rest: number;
  /** Why it is refused; "" when it is not. */
  why: string;
}

export interface ToJudge {
  readonly kind: "request" | "response";
  readonly input: Uint8Array;
}

/** Debian's, where h11 is. */
const PYTHON = "/usr/bin/python3";
const TIME = 600_000;

export const hasH11 = (): boolean => spawnSync(PYTHON, ["-c", "import h11"]).status === 0;

export function judgeByH11(inputs: readonly ToJudge[]): FirstMessage[] {
  const lines = inputs.map(({ kind, input }) => `${kind} ${Buffer.from(input).toString("hex")}\n`);
  const { stdout, stderr, status } = spawnSync(PYTHON, [fileURLToPath(new URL("h11-judge.py", import.meta.url))], {
    input: lines.join(""),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    timeout: TIME,
  });
  if (status !== 0) throw new Error(`h11 ended with ${status}: ${stderr}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as FirstMessage);
}

/** The same, by our parser. */
export function judgeByUs({ kind, input }: ToJudge): FirstMessage {
  const parser = new MessageParser(kind);
  const found: FirstMessage = { line: "", fields: [], trailers: [], body: "", complete: false, rest: 0, why: "" };
  for (let pos = 0; ; ) {
    pos = parser.parse(input, pos, input.length);
    const { event, head } = parser;
    if (event === "more") return found;
    if (event === "error") return { ...found, why: parser.failure?.code ?? "" };
    if (event === "head") {
      const version = `1.${head.minor}`;
      const line = kind === "request" ? [head.method, head.target, version] : [version, head.status, head.reason];
      found.line = line.join(" ");
      found.fields = [...head.fields].map(([name, value]) => `${name}: ${value}`);
    } else if (event === "body") found.body += latin1(input.subarray(parser.bodyStart, parser.bodyEnd));
    else if (kind === "request" || head.status >= 200 || head.status === 101) {
      found.complete = true;
      found.rest = input.length - pos;
      found.trailers = [...parser.trailers].map(([name, value]) => `${name}: ${value}`);
      return found;
    }
  }
}

/** How two readings of a message differ, in a few words; undefined when they do not. */
export function difference(ours: FirstMessage, theirs: FirstMessage): string | undefined {
  if (ours.why !== "") {
    // A fault is found here at the octet that is wrong, there at the end of the line or head.
    const waits = theirs.line === ours.line && !theirs.complete && theirs.body.length <= ours.body.length;
    return theirs.why !== "" || waits ? undefined : `refused here: ${ours.why}`;
  }
  if (theirs.why !== "") return `refused there: ${theirs.why.replace(/[:{] ?(?:bytearray|b['"]).*$/, "")}`;
  for (const key of ["line", "body", "complete", "rest"] as const) {
    if (ours[key] !== theirs[key]) return `read otherwise: ${key}`;
  }
  for (const key of ["fields", "trailers"] as const) {
    if (plain(ours[key]) !== plain(theirs[key])) return `read otherwise: ${key}`;
  }
  return undefined;
}

/** h11 gives folds one space, transfer codings small letters, and a length that is said twice once. */
const plain = (fields: readonly string[]): string =>
  fields
    .map((field) => field.replace(/[ \t]+/g, " ").replace(/^transfer-encoding:.*/i, (all) => all.toLowerCase()))
    .map((field) => field.replace(/^content-length: (\d+).*/i, "content-length: $1"))
    .filter((field, place, all) => !field.startsWith("content-length:") || all.indexOf(field) === place)
    .join("\n");
