import { decodeLatin1 } from "../../../base/latin1.ts";
import { ChunkLine } from "./chunk-line.ts";
import { type Failure, type FailureCode, failureOf } from "./failures.ts";
import { Fields } from "./fields.ts";
import { checkHost, frameRequest, frameResponse, readConnection, readExpectation } from "./framing.ts";
import { MessageHead } from "./head.ts";
import { HeadScanner } from "./head-scanner.ts";
import { DEFAULT_LIMITS, type MessageLimits } from "./limits.ts";
import { CR, isBlank, LF } from "./octets.ts";
import { targetForm } from "./target.ts";

/** What was found: `more` says that all octets were read and the next event needs more of them. */
export type MessageEvent = "more" | "head" | "body" | "end" | "error";

const BEFORE = 0;
const EMPTY_LINE_LF = 1;
const HEAD = 2;
const LENGTH = 3;
const UNTIL_CLOSE = 4;
const CHUNK_LINE = 5;
const CHUNK = 6;
const CHUNK_CR = 7;
const CHUNK_LF = 8;
const TRAILERS = 9;
const END = 10;
const FAILED = 11;

const HELD_AT_FIRST = 512;
/** Version, status, spaces and line ends. */
const START_LINE_REST = 64;
const NO_BYTES = new Uint8Array(0);
const NO_FIELDS = new Fields();
const NO_HEAD = new MessageHead(NO_FIELDS);

/**
 * Reads the messages of one direction of a connection (RFC 9112), as strictly as it asks, from pieces cut anywhere. It
 * keeps no content and copies a head only when it comes in several pieces.
 *
 * ```
 * for (;;) {
 *   pos = parser.parse(bytes, pos, end);
 *   if (parser.event === "more") break;     // pos === end
 *   …                                       // "head", "body" any number of times, "end"; or "error"
 * }
 * ```
 *
 * After an error it reads nothing more. After the end of a message that the two peers leave HTTP with (101, CONNECT) what
 * follows is no message: it belongs to whoever takes the connection.
 */
export class MessageParser {
  readonly #request: boolean;
  readonly #limits: MessageLimits;
  readonly #sectionLimit: number;
  readonly #scanner: HeadScanner;
  readonly #chunkLine: ChunkLine;
  #state = BEFORE;
  #emptyLines = 0;
  /** Whether the message is the last of its connection. */
  #last = false;
  /** The part of a head or trailer section that came in earlier pieces. */
  #held: Uint8Array = NO_BYTES;
  #heldLength = 0;
  /** Octets that are still to come of the content, or of the chunk. */
  #left = 0;
  /** Octets of content in chunks so far. */
  #received = 0;
  #method = "";

  event: MessageEvent = "more";
  /** The head of the message that is being read, from "head" to "end"; each has its own. */
  head: MessageHead = NO_HEAD;
  /** With "body": where the content stands in the bytes given. */
  bodyStart = 0;
  bodyEnd = 0;
  /** From "end" to the next "head": what came after the last chunk. Kept apart, for it must not be taken for fields of the head (RFC 9110 §6.5.1). */
  trailers: Fields = NO_FIELDS;
  failure: Failure | undefined = undefined;

  constructor(kind: "request" | "response", limits: Partial<MessageLimits> = {}) {
    this.#request = kind === "request";
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#sectionLimit = sectionLimit(this.#limits);
    this.#scanner = new HeadScanner(this.#limits);
    this.#chunkLine = new ChunkLine(this.#limits);
  }

  /** Whether nothing of a message has come yet since the last one ended: the connection rests. */
  get idle(): boolean {
    return this.#state === BEFORE || this.#state === EMPTY_LINE_LF;
  }

  /** Whether it is as new: between two messages, the last of which was not to be the last, and not within an empty line. */
  get fresh(): boolean {
    return this.#state === BEFORE && this.#emptyLines === 0 && !this.#last;
  }

  /** Tells the method of the request whose response comes next; without it, it is one that has nothing special. */
  answers(method: string): void {
    this.#method = method;
  }

  /**
   * Reads up to the next event, which then stands in `event`.
   * @returns the position after what was read
   */
  parse(bytes: Uint8Array, start: number, end: number): number {
    let pos = start;
    if (this.#state <= EMPTY_LINE_LF) {
      pos = this.#skipEmptyLines(bytes, pos, end);
      if (this.#state <= EMPTY_LINE_LF) return this.#rest(pos);
    }
    switch (this.#state) {
      case HEAD:
      case TRAILERS:
        return this.#scan(bytes, pos, end);
      case LENGTH:
      case UNTIL_CLOSE:
        return this.#readContent(pos, end);
      case END:
        return this.#finish(pos);
      case FAILED:
        return pos;
      default:
        return this.#readChunks(bytes, pos, end);
    }
  }

  /** The connection has ended: `event` is then "end" of a message that ends so, "more" between two messages, or "error". */
  close(): void {
    if (this.#state === UNTIL_CLOSE || this.#state === END) this.#finish(0);
    else if (this.idle) this.event = "more";
    else if (this.#state !== FAILED) this.#fail("truncated", 0);
  }

  /** Between two messages the last head is not kept: there may be many connections that rest. */
  #rest(pos: number): number {
    if (this.head !== NO_HEAD) {
      this.head = NO_HEAD;
      this.#scanner.forget();
    }
    return this.#emit("more", pos);
  }

  #emit(event: MessageEvent, pos: number): number {
    this.event = event;
    return pos;
  }

  #fail(code: FailureCode, pos: number): number {
    this.#state = FAILED;
    this.failure = failureOf(code);
    this.#held = NO_BYTES;
    this.#heldLength = 0;
    return this.#emit("error", pos);
  }

  #finish(pos: number): number {
    this.#state = BEFORE;
    this.#emptyLines = 0;
    return this.#emit("end", pos);
  }

  /** A peer may have sent one too many after its last message (RFC 9112 §2.2). */
  #skipEmptyLines(bytes: Uint8Array, pos: number, end: number): number {
    for (; pos < end; pos++) {
      const octet = bytes[pos];
      if (this.#state === EMPTY_LINE_LF) {
        if (octet !== LF) return this.#fail("bare-cr", pos);
        this.#state = BEFORE;
      } else if (octet === CR) {
        if (++this.#emptyLines > this.#limits.emptyLines) return this.#fail("empty-lines", pos);
        this.#state = EMPTY_LINE_LF;
      } else if (this.#last) return this.#fail("data-after-close", pos);
      else {
        if (this.#request) this.#scanner.startRequest();
        else this.#scanner.startResponse();
        this.#state = HEAD;
        this.trailers = NO_FIELDS;
        return pos;
      }
    }
    return pos;
  }

  /** Reads a head or a trailer section: in place when all of it is here, else from what is held. */
  #scan(bytes: Uint8Array, pos: number, end: number): number {
    const scanner = this.#scanner;
    const before = this.#heldLength;
    if (before === 0) {
      const stop = scanner.scan(bytes, pos, pos, end);
      if (scanner.failure !== undefined) return this.#fail(scanner.failure, stop);
      if (scanner.done) return this.#scanned(bytes, pos, stop, stop);
      this.#hold(bytes, pos, end);
      return this.#emit("more", end);
    }
    this.#hold(bytes, pos, end);
    const stop = scanner.scan(this.#held, 0, before, this.#heldLength);
    const after = pos + stop - before;
    if (scanner.failure !== undefined) return this.#fail(scanner.failure, after);
    if (!scanner.done) return this.#emit("more", after);
    const held = this.#held;
    this.#held = NO_BYTES;
    this.#heldLength = 0;
    return this.#scanned(held, 0, stop, after);
  }

  /** Keeps what came, but no more than a section can have: the rest may be content. */
  #hold(bytes: Uint8Array, pos: number, end: number): void {
    end = Math.min(end, pos + this.#sectionLimit - this.#heldLength);
    const length = this.#heldLength + end - pos;
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(HELD_AT_FIRST, 2 * length));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(bytes.subarray(pos, end), this.#heldLength);
    this.#heldLength = length;
  }

  /** A section is complete, between `base` and `stop`. */
  #scanned(bytes: Uint8Array, base: number, stop: number, after: number): number {
    const scanner = this.#scanner;
    let text = decodeLatin1(bytes, base, stop, scanner.ascii);
    if (scanner.folds !== undefined) text = unfold(text, scanner.folds, scanner.marks);
    const fields = Fields.parsed(text, scanner.marks);
    if (this.#state === TRAILERS) {
      this.trailers = fields;
      return this.#finish(after);
    }
    const head = new MessageHead(fields);
    head.minor = scanner.minor;
    const wrong = this.#request ? this.#readRequest(head, text) : this.#readResponse(head, text);
    if (wrong !== undefined) return this.#fail(wrong, after);
    this.head = head;
    this.#last = !head.keepAlive && (this.#request || head.status >= 200);
    this.#begin(head);
    return this.#emit("head", after);
  }

  #readRequest(head: MessageHead, text: string): FailureCode | undefined {
    const scanner = this.#scanner;
    head.method = methodOf(text, scanner.methodEnd);
    head.target = text.slice(scanner.methodEnd + 1, scanner.targetEnd);
    const form = targetForm(head.method, head.target);
    if (form === undefined) return "target-form";
    head.form = form;
    readConnection(head, scanner);
    readExpectation(head, scanner);
    return checkHost(head, scanner) ?? frameRequest(head, scanner, this.#limits);
  }

  #readResponse(head: MessageHead, text: string): FailureCode | undefined {
    const scanner = this.#scanner;
    head.status = scanner.status;
    head.reason = text.slice(scanner.reasonStart, scanner.reasonEnd);
    readConnection(head, scanner);
    const wrong = frameResponse(head, scanner, this.#limits, this.#method);
    if (head.status >= 200) this.#method = "";
    return wrong;
  }

  #begin(head: MessageHead): void {
    this.#left = head.contentLength;
    this.#received = 0;
    if (head.framing === "none") this.#state = END;
    else if (head.framing === "length") this.#state = LENGTH;
    else if (head.framing === "until-close") this.#state = UNTIL_CLOSE;
    else {
      this.#state = CHUNK_LINE;
      this.#chunkLine.startMessage();
    }
  }

  #readContent(pos: number, end: number): number {
    if (pos === end) return this.#emit("more", pos);
    const counted = this.#state !== UNTIL_CLOSE;
    const stop = counted ? Math.min(end, pos + this.#left) : end;
    if (counted) this.#left -= stop - pos;
    else {
      this.#received += stop - pos;
      if (this.#received > this.#limits.contentLength) return this.#fail("content-too-large", pos);
    }
    if (counted && this.#left === 0) this.#state = this.#state === CHUNK ? CHUNK_CR : END;
    this.bodyStart = pos;
    this.bodyEnd = stop;
    return this.#emit("body", stop);
  }

  /** Chunked (RFC 9112 §7.1), up to the trailer section. */
  #readChunks(bytes: Uint8Array, pos: number, end: number): number {
    while (pos < end) {
      if (this.#state === CHUNK) return this.#readContent(pos, end);
      if (this.#state === CHUNK_LINE) {
        const line = this.#chunkLine;
        pos = line.scan(bytes, pos, end);
        if (line.failure !== undefined) return this.#fail(line.failure, pos);
        if (!line.done) break;
        if (line.size === 0) {
          this.#scanner.startTrailers();
          this.#state = TRAILERS;
          return this.#scan(bytes, pos, end);
        }
        this.#received += line.size;
        if (this.#received > this.#limits.contentLength) return this.#fail("content-too-large", pos);
        this.#left = line.size;
        this.#state = CHUNK;
      } else {
        if (bytes[pos] !== (this.#state === CHUNK_CR ? CR : LF)) return this.#fail("chunk-end", pos);
        if (this.#state === CHUNK_LF) this.#chunkLine.start();
        this.#state = this.#state === CHUNK_CR ? CHUNK_LF : CHUNK_LINE;
        pos++;
      }
    }
    return this.#emit("more", pos);
  }
}

/** The common methods are texts that are there already. */
function methodOf(text: string, end: number): string {
  if (end === 3 && text.startsWith("GET")) return "GET";
  if (end === 4 && text.startsWith("POST")) return "POST";
  return text.slice(0, end);
}

/** More octets than the scanner takes without an end or a fault. */
const sectionLimit = (limits: MessageLimits): number =>
  limits.methodLength +
  limits.targetLength +
  limits.reasonLength +
  Math.max(limits.fieldsLength, limits.trailersLength) +
  START_LINE_REST;

/** Spaces in place of the line ends within values (RFC 9112 §5.2), and no blanks around a value. */
function unfold(text: string, folds: readonly number[], marks: number[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const fold of folds) {
    parts.push(text.slice(from, fold), "  ");
    from = fold + 2;
  }
  const unfolded = parts.join("") + text.slice(from);
  for (let i = 2; i < marks.length; i += 4) {
    while (marks[i]! < marks[i + 1]! && isBlank(unfolded.charCodeAt(marks[i]!))) marks[i]!++;
    while (marks[i]! < marks[i + 1]! && isBlank(unfolded.charCodeAt(marks[i + 1]! - 1))) marks[i + 1]!--;
  }
  return unfolded;
}
