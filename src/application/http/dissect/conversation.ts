import { decodeLatin1 } from "../../../base/latin1.ts";
import type { Message, StreamConversation } from "../../../capture/dissect/dissector.ts";
import { WebSocketFrames } from "../../websocket/dissect/frames.ts";
import { type Exchange, Exchanges } from "./exchanges.ts";

/** Octets of a head; what goes on without an end is no head. */
const HEAD_LIMIT = 65_536;
/** Octets of the line before a chunk; what goes on without an end is no chunk. */
const CHUNK_LINE_LIMIT = 4_096;
const LF = 10;
const CR = 13;

const METHODS = new Set([
  ...["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "LINK", "UNLINK", "PROPFIND"],
  ...["PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH"],
]);
const LONGEST_METHOD = 9;

/** What is known of a message beside its bytes. */
export interface HttpAbout {
  readonly kind: "request" | "response" | "continuation";
  /** Octets of the head with the empty line. */
  readonly head: number;
  /** Octets of the segment from its beginning on, or of the message if that began in an earlier segment. */
  readonly covered: number;
  readonly place: { readonly exchange?: Exchange };
  readonly exchanges: Exchanges;
  /** Where the request goes that this is, or that this answers. */
  readonly uri: string | undefined;
}

/** Whether bytes begin as a request or a response does. */
export function kindOf(bytes: Uint8Array): "request" | "response" | undefined {
  const start = decodeLatin1(bytes, 0, Math.min(bytes.length, LONGEST_METHOD + 1));
  if (start.startsWith("HTTP/")) return "response";
  const space = start.indexOf(" ");
  return space > 0 && METHODS.has(start.slice(0, space)) ? "request" : undefined;
}

/** Whether bytes, which are few, may still become one or the other. */
function mayBegin(bytes: Uint8Array): boolean {
  if (bytes.length > LONGEST_METHOD) return false;
  const start = decodeLatin1(bytes);
  return "HTTP/".startsWith(start) || [...METHODS].some((method) => method.startsWith(start));
}

/** What a head says of where its message ends, and of what comes after it. */
interface Framing {
  readonly host: string | undefined;
  readonly chunked: boolean;
  readonly length: number | undefined;
  readonly websocket: boolean;
}

/** Finds the messages of a connection (RFC 9112 §6.3), and what they become after a change of protocol. */
export class HttpConversation implements StreamConversation {
  readonly #exchanges = new Exchanges();
  readonly #frames = new WebSocketFrames();
  readonly #scheme: string;
  #uri: string | undefined;
  #method = "";
  /** The protocol that both speak after an upgrade; `""` for one that is not known. */
  #upgraded: string | undefined;
  /** How far each direction's bytes were looked through for the end of a head, or of chunks. */
  readonly #looked = [0, 0];
  /** Whether bytes have come already that are no message yet, each way. */
  readonly #waits = [false, false];
  /** Length of the head that was found already, each way. */
  readonly #heads = [0, 0];
  /** What the head that was found already says: read once, however many segments its body comes in. */
  readonly #said: ({ readonly text: string; readonly framing: Framing } | undefined)[] = [undefined, undefined];
  /** How far the trailer behind the last chunk was looked through; 0 before it begins. */
  readonly #trailers = [0, 0];
  /** Octets that a message has by what its head says, once it is read, each way. */
  readonly #needed = [0, 0];

  constructor(scheme = "http") {
    this.#scheme = scheme;
  }

  cut(direction: 0 | 1, bytes: Uint8Array, ended: boolean, number: number, time: number): Message | undefined {
    const message = this.#cut(direction, bytes, ended, number, time);
    this.#waits[direction] = message === undefined;
    return message;
  }

  #cut(direction: 0 | 1, bytes: Uint8Array, ended: boolean, number: number, time: number): Message | undefined {
    if (this.#upgraded === "websocket") return this.#frames.cut(direction, bytes, number);
    if (bytes.length < (this.#needed[direction] as number) && !ended) return undefined;
    const kind = this.#upgraded === undefined ? kindOf(bytes) : undefined;
    if (kind === undefined) {
      if (this.#upgraded === undefined && !ended && mayBegin(bytes)) return undefined;
      // Wireshark takes no stream for HTTP that does not begin so.
      return this.#exchanges.count === 0 ? undefined : this.#continuation(bytes.length);
    }
    this.#heads[direction] ||= endOfHead(bytes, this.#looked[direction] as number);
    const head = this.#heads[direction] as number;
    if (head === 0) {
      if (ended || bytes.length > HEAD_LIMIT) return this.#continuation(bytes.length, direction);
      this.#looked[direction] = bytes.length;
      return undefined;
    }
    this.#said[direction] ??= said(decodeLatin1(bytes, 0, head));
    const { text, framing } = this.#said[direction];
    const length = this.#lengthOf(kind, direction, text, framing, bytes, head, ended);
    if (length === undefined) return undefined;
    this.#forget(direction);
    const covered = this.#waits[direction] === true ? length : bytes.length;
    return { length, about: { ...this.#about(kind, text, framing, number, time), kind, head, covered } };
  }

  #forget(direction: 0 | 1): void {
    this.#looked[direction] = 0;
    this.#heads[direction] = 0;
    this.#needed[direction] = 0;
    this.#said[direction] = undefined;
    this.#trailers[direction] = 0;
  }

  #continuation(length: number, direction?: 0 | 1): Message {
    if (direction !== undefined) this.#forget(direction);
    const about: HttpAbout = {
      kind: "continuation",
      head: 0,
      covered: length,
      place: {},
      exchanges: this.#exchanges,
      uri: undefined,
    };
    return { length, about };
  }

  /** @returns undefined when more is needed */
  #lengthOf(
    kind: "request" | "response",
    direction: 0 | 1,
    text: string,
    { chunked, length }: Framing,
    bytes: Uint8Array,
    head: number,
    ended: boolean,
  ): number | undefined {
    if (kind === "response" && (this.#method === "HEAD" || hasNoBody(text))) return head;
    if (chunked) return this.#endOfBody(direction, bytes, head);
    if (length !== undefined) {
      this.#needed[direction] = head + length;
      return bytes.length >= head + length ? head + length : undefined;
    }
    if (kind === "request") return head;
    this.#needed[direction] = Number.POSITIVE_INFINITY;
    return ended ? bytes.length : undefined;
  }

  /** @returns undefined when more is needed */
  #endOfBody(direction: 0 | 1, bytes: Uint8Array, head: number): number | undefined {
    const trailer = this.#trailers[direction] as number;
    if (trailer > 0) {
      const end = endOfHead(bytes, trailer);
      this.#trailers[direction] = bytes.length;
      return end > 0 ? end : undefined;
    }
    const found = endOfChunks(bytes, Math.max(head, this.#looked[direction] as number));
    if (found.end > 0) return found.end;
    this.#looked[direction] = found.whole;
    if (found.isLast) this.#trailers[direction] = bytes.length;
    return undefined;
  }

  #about(
    kind: "request" | "response",
    text: string,
    framing: Framing,
    number: number,
    time: number,
  ): Pick<HttpAbout, "place" | "exchanges" | "uri"> {
    if (kind === "request") {
      const [, method = "", target = ""] = /^(\S+) (\S*)/.exec(text) ?? [];
      this.#method = method;
      const { host } = framing;
      const absolute = /^[a-z]+:\/\//i.test(target);
      this.#uri = absolute ? target : host === undefined ? undefined : `${this.#scheme}://${host}${target}`;
    } else if (/^HTTP\/\S+ 101/.test(text)) {
      this.#upgraded = framing.websocket ? "websocket" : "";
    } else if (this.#method === "CONNECT" && /^HTTP\/\S+ 2/.test(text)) {
      this.#upgraded = "";
    }
    const place = this.#exchanges[kind](number, time);
    return { place, exchanges: this.#exchanges, uri: this.#uri };
  }
}

const FRAMING_FIELDS = /\n(host|content-length|transfer-encoding|upgrade)[ \t]*:[ \t]*([^\r\n]*)/gi;

const said = (text: string): { text: string; framing: Framing } => ({ text, framing: framingOf(text) });

/** Reads the fields that matter here, in one go; the first of each counts. */
function framingOf(text: string): Framing {
  const found: Record<string, string> = {};
  for (const [, name = "", value = ""] of text.matchAll(FRAMING_FIELDS)) found[name.toLowerCase()] ??= value.trimEnd();
  const length = found["content-length"];
  return {
    host: found.host,
    chunked: /chunked$/i.test(found["transfer-encoding"] ?? ""),
    length: length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
    websocket: /websocket/i.test(found.upgrade ?? ""),
  };
}

const hasNoBody = (text: string): boolean => /^HTTP\/\S+ (1\d\d|204|304)/.test(text);

/** Behind the empty line. @returns 0 when it is not there yet */
function endOfHead(bytes: Uint8Array, looked: number): number {
  for (let at = bytes.indexOf(LF, Math.max(0, looked - 3)); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return 0;
}

/**
 * Behind the trailer's empty line (RFC 9112 §7.1).
 * @param from where a chunk begins
 * @returns `end` 0 when it is not there yet, `whole`, up to which all chunks are, and whether what follows is the last
 */
function endOfChunks(bytes: Uint8Array, from: number): { end: number; whole: number; isLast?: boolean } {
  let at = from;
  for (;;) {
    const line = bytes.indexOf(LF, at);
    if (line < 0) return { end: bytes.length - at > CHUNK_LINE_LIMIT ? bytes.length : 0, whole: at };
    const size = Number.parseInt(decodeLatin1(bytes, at, Math.min(line, at + 16)), 16);
    if (Number.isNaN(size)) return { end: bytes.length, whole: at };
    if (size === 0) {
      const end = bytes[line + 1] === LF ? line + 2 : endOfHead(bytes, line);
      return { end, whole: at, isLast: true };
    }
    if (line + 1 + size + 2 > bytes.length) return { end: 0, whole: at };
    at = line + 1 + size + (bytes[line + 1 + size] === CR ? 2 : 1);
  }
}
