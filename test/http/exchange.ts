import { Fields, MessageParser } from "../../src/application/http/message/index.ts";

/** A request and its answer, as they stood on the wire. */
export interface Exchange {
  /** What was tried. */
  readonly what: string;
  readonly method: string;
  /** HTTP/1.`minor` of the request. */
  readonly minor: number;
  readonly asked: Fields;
  /** Statuses of interim responses. */
  readonly interim: readonly number[];
  readonly status: number;
  readonly fields: Fields;
  readonly body: string;
  /** The head of the answer as it came. */
  readonly head: string;
  /** Whether the server has closed the connection. */
  readonly closed: boolean;
  readonly tls: boolean;
}

const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

/** What was asked, as far as it can be read. */
function readAsked(request: string): Pick<Exchange, "method" | "minor" | "asked"> {
  const lines = request.split("\r\n\r\n", 1)[0]?.replace(/^\r\n/, "").split("\r\n") ?? [];
  const [method = "", , version = ""] = (lines[0] ?? "").split(" ");
  const asked = new Fields();
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(":");
    try {
      asked.append(line.slice(0, colon), line.slice(colon + 1));
    } catch {
      // It was wrong on purpose.
    }
  }
  return { method, minor: version === "HTTP/1.0" ? 0 : 1, asked };
}

/**
 * The exchange of a request and what came back, in which `"<end>"` says that the server has closed.
 * @throws Error when the answer cannot be read
 */
export function exchangeOf(what: string, request: string, answer: string): Exchange {
  const closed = answer.endsWith("<end>");
  const bytes = octets(closed ? answer.slice(0, -5) : answer);
  const about = readAsked(request);
  const parser = new MessageParser("response");
  const interim: number[] = [];
  let body = "";
  let start = 0;
  let { head } = parser;
  for (let pos = 0; ; ) {
    parser.answers(about.method);
    pos = parser.parse(bytes, pos, bytes.length);
    const { event } = parser;
    if (event === "head") head = parser.head;
    if (event === "error") throw new Error(`${what}: ${parser.failure?.code} in ${JSON.stringify(answer)}`);
    if (event === "body") body += String.fromCharCode(...bytes.subarray(parser.bodyStart, parser.bodyEnd));
    if (event === "end" && head.status < 200 && head.status !== 101) {
      interim.push(head.status);
      start = pos;
    } else if (event === "end" || event === "more") {
      if (head.status === 0) throw new Error(`${what}: no answer: ${JSON.stringify(answer)}`);
      const wire = answer.slice(start, answer.indexOf("\r\n\r\n", start) + 4);
      const { status, fields } = head;
      return { what, ...about, interim, status, fields, body, head: wire, closed, tls: false };
    }
  }
}
