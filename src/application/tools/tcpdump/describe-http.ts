import type { Piece } from "./describe.ts";

const METHODS =
  "GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE NOTIFY " +
  "BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY " +
  "MKWORKSPACE UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL";
const BEGINS: ReadonlySet<string> = new Set(METHODS.split(" "));

/** Data on a port of HTTP: its first line, or with -v its lines; what begins in the middle is named only. */
export function describeHttp({ view, at, end }: Piece, verbose: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, end - at);
  const text = String.fromCharCode(...bytes.subarray(0, 8192));
  const [first = ""] = text.split(/\r?\n/);
  const [word = ""] = first.split(/[ /]/);
  if (!first.startsWith("HTTP/") && !BEGINS.has(word)) return ": HTTP";
  if (verbose === 0) return `: HTTP: ${printable(first)}`;
  const lines = text.split(/\r?\n/);
  const isWhole = lines.at(-1) === "";
  if (isWhole) lines.pop();
  return `: HTTP, length: ${bytes.length}\n${lines.map((line) => `\t${printable(line)}`).join("\n")}${isWhole ? "" : " [|http]"}`;
}

const printable = (line: string): string => line.replaceAll(/[^\t -~]/g, ".");
