import type { SocketAddress } from "../../../address/endpoint.ts";
import type { Errno } from "../../../base/errno.ts";
import { type Socket, SocketError } from "../../../socket/socket.ts";
import type { TlsFacts } from "../../../socket/tls.ts";
import type { Instant } from "../../../time/instant.ts";
import { tryOption } from "../../stream.ts";
import type { AnyResponse } from "../handler.ts";
import { FAILURES, type Failure } from "../message/failures.ts";
import type { MessageParser } from "../message/parser.ts";
import { whenOurs } from "../platform-response.ts";
import { Request } from "../request.ts";
import { Response } from "../response.ts";
import { StatusError } from "../status-error.ts";
import { type Answer, abandon, canGoOn, contentOf, refusal, writeHead } from "./answer.ts";
import { AnswerStream } from "./answer-stream.ts";
import type { ConnectionEnds, ConnectionHost } from "./connection-host.ts";
import { type Deadlines, Expiring } from "./deadlines.ts";
import { Exchange } from "./exchange.ts";
import { handOver } from "./hand-over.ts";
import { isTooSlow } from "./limits.ts";
import { Output } from "./output.ts";
import { refusedHead } from "./refused-head.ts";
import { type BodyOrigin, RequestBody } from "./request-body.ts";
import { giveBack, takeWorkspace } from "./workspace.ts";

/** Requests are read and answered. */
const OPEN = 0;
/** The last answer has been written; what comes is thrown away until the client has closed too (RFC 9112 §9.6). */
const LINGERING = 1;
/** The last answer has been written, and another protocol follows. */
const LEAVING = 2;
const LEFT = 3;
const DONE = 4;

const NOTHING = new Uint8Array(0);
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

/**
 * One connection of a server. It reads, answers and writes without a promise as long as handlers answer at once. Requests are
 * answered one after the other: those that are pipelined wait as bytes, and no more is read than fits into one piece.
 */
export class HttpConnection extends Expiring implements BodyOrigin {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly tls: TlsFacts | undefined;
  readonly #host: ConnectionHost<HttpConnection>;
  readonly #socket: Socket;
  /** What reads a request, from its first byte to its last. */
  #parser: MessageParser | undefined = undefined;
  readonly #output: Output;
  #phase = OPEN;
  /** The request that is being read or answered. */
  #exchange: Exchange | undefined = undefined;
  #stream: AnswerStream | undefined = undefined;
  /** What was read and is not yet parsed. */
  #held: Uint8Array = NOTHING;
  #requests = 0;
  /** Bytes of the current body that were thrown away. */
  #drained = 0;
  /** What else comes is not to be understood. */
  #broken = false;
  #peerEnded = false;
  #shut = false;
  #continued = false;
  #pumping = false;
  #received = 0;
  /** Bytes moved when the deadline of the rate was set. */
  #marked = 0;

  /** @param ends known from the beginning: when the socket is closed nobody can be asked */
  constructor(host: ConnectionHost<HttpConnection>, socket: Socket, ends: ConnectionEnds) {
    super();
    this.#host = host;
    this.#socket = socket;
    this.local = ends.local;
    this.remote = ends.remote;
    this.tls = ends.tls;
    this.#output = new Output(socket);
  }

  start(): void {
    this.#socket.onReady = this.pump;
    this.pump();
  }

  /** Answers before any request, and closes. */
  startRefusing(status: number): void {
    this.#refuse(status, "", "Retry-After: 1\r\n");
    this.start();
  }

  waitUntil(work: Promise<unknown>): void {
    this.#host.waitUntil(work);
  }

  /** Ends the connection: now, or after the request that it is about. Who has taken it from HTTP is asked to end. */
  close(now: boolean): void {
    const resting = this.#exchange === undefined && this.#isBetween() && this.#held.length === 0;
    if (now || this.#phase === LEFT) this.#exchange?.abort(new SocketError("ECONNABORTED", "close"));
    if (now || (this.#phase === OPEN && resting && !this.#output.blocked)) this.#end();
  }

  /** Does all that can be done now. */
  readonly pump = (): void => {
    if (this.#pumping || this.#phase >= LEFT) return;
    this.#pumping = true;
    const workspace = takeWorkspace();
    const now = this.#host.clock.now();
    try {
      this.#output.resume();
      this.#read(workspace.bytes, now);
      if (this.#parser?.fresh) this.#parser = this.#host.giveBackParser(this.#parser);
      this.#output.flush();
      if (this.#phase === LINGERING) this.#linger(workspace.bytes);
    } finally {
      this.#pumping = false;
      giveBack(workspace);
    }
    if (this.#output.failure !== undefined) this.#gone(this.#output.failure);
    else if (this.#phase === LEAVING && !this.#output.blocked) void this.#leave();
    else this.#watch(now);
  };

  #read(into: Uint8Array, now: Instant): void {
    while (this.#phase === OPEN) {
      if (!this.#takesBytes()) {
        this.#lookForEnd(into);
        return;
      }
      if (this.#held.length > 0) {
        const held = this.#held;
        this.#held = NOTHING;
        this.#consume(held, held.length, now);
      } else if (this.#peerEnded) {
        this.#inputEnded();
        return;
      } else {
        const count = this.#socket.read(into);
        if (count === "EAGAIN") return;
        if (typeof count === "string") {
          this.#gone(count);
          return;
        }
        if (count === 0) this.#peerEnded = true;
        this.#received += count;
        this.#consume(into, count, now);
      }
    }
  }

  /** Whether no request has begun to arrive since the last one ended. */
  #isBetween(): boolean {
    return this.#parser === undefined || this.#parser.idle;
  }

  #takesBytes(): boolean {
    if (this.#broken) return false;
    const exchange = this.#exchange;
    if (exchange === undefined) return !this.#output.blocked;
    const { arriving } = exchange;
    if (exchange.complete || arriving === undefined) return false;
    return arriving.dropped || arriving.size < this.#host.limits.bodyAhead;
  }

  /** While a handler works: has the client gone? What it sends meanwhile is the next request. */
  #lookForEnd(into: Uint8Array): void {
    if (this.#exchange === undefined || this.#peerEnded) return;
    if (this.#held.length > 0 || !this.#exchange.complete) {
      if (this.#socket.poll().error) this.#gone(this.#socket.takeError() ?? "ECONNRESET");
      return;
    }
    const count = this.#socket.read(into);
    if (count === "EAGAIN") return;
    if (typeof count === "string") {
      this.#gone(count);
      return;
    }
    this.#received += count;
    if (count > 0) this.#held = into.slice(0, count);
    else {
      this.#peerEnded = true;
      this.#exchange.abort(new SocketError("ECONNRESET", "recv"));
    }
  }

  /** The client sends no more, and all it sent was read. */
  #inputEnded(): void {
    if (this.#exchange === undefined) {
      // What was answered in this turn is not yet sent.
      if (this.#isBetween()) this.#closeWrite();
      else this.#refuse(400, FAILURES.truncated[1]);
      return;
    }
    this.#broken = true;
    this.#exchange.arriving?.fail(new StatusError(400, "the body is cut short"));
    this.#exchange.abort(new SocketError("ECONNRESET", "recv"));
    if (this.#exchange.done) this.#closeWrite();
  }

  #consume(bytes: Uint8Array, end: number, now: Instant): void {
    this.#parser ??= this.#host.takeParser();
    const parser = this.#parser;
    let at = 0;
    for (;;) {
      at = parser.parse(bytes, at, end);
      switch (parser.event) {
        case "more":
          return;
        case "head":
          at = this.#begin(bytes, at, end, now);
          break;
        case "body":
          this.#takeBody(bytes, parser.bodyStart, parser.bodyEnd);
          break;
        case "end":
          this.#requestRead();
          break;
        case "error":
          this.#refuse((parser.failure as Failure).status, FAILURES[(parser.failure as Failure).code][1]);
          return;
      }
      if (this.#phase !== OPEN || !this.#takesBytes()) {
        if (at < end) this.#held = bytes.slice(at, end);
        return;
      }
    }
  }

  /** Begins with a request whose head was read. @returns the position after what was read of its body */
  #begin(bytes: Uint8Array, at: number, end: number, now: Instant): number {
    const parser = this.#parser as MessageParser;
    const { head } = parser;
    this.#requests++;
    this.#continued = false;
    this.#drained = 0;
    const refused = refusedHead(head, this.tls !== undefined);
    if (refused !== undefined) {
      this.#refuse(refused, "");
      return at;
    }
    let content: Uint8Array | RequestBody | null = null;
    let arriving: RequestBody | undefined;
    if (head.framing === "none" || (head.framing === "length" && head.contentLength <= end - at)) {
      at = parser.parse(bytes, at, end);
      if (parser.event === "body") {
        content = bytes.slice(parser.bodyStart, parser.bodyEnd);
        at = parser.parse(bytes, at, end);
      }
    } else {
      arriving = new RequestBody(this);
      content = arriving;
    }
    const exchange = new Exchange(this, head, content, arriving);
    this.#exchange = exchange;
    this.#handle(exchange, now);
    return at;
  }

  #takeBody(bytes: Uint8Array, start: number, end: number): void {
    const body = this.#exchange?.arriving;
    if (body === undefined) return;
    if (!body.dropped) {
      body.push(bytes, start, end);
      return;
    }
    this.#drained += end - start;
    if (this.#drained > this.#host.limits.drain && this.#exchange?.done) this.#closeWrite();
  }

  /** All of a request was read. */
  #requestRead(): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    exchange.complete = true;
    exchange.arriving?.end((this.#parser as MessageParser).trailers);
    if (!exchange.done) return;
    if (exchange.leaving === undefined) this.#exchange = undefined;
    else this.#phase = LEAVING;
  }

  #handle(exchange: Exchange, now: Instant): void {
    let response: AnyResponse | Promise<AnyResponse>;
    try {
      response = this.#host.handler(Request.incoming(exchange), exchange);
    } catch (error) {
      this.#fail(exchange, error, now);
      return;
    }
    if (response instanceof Response) {
      this.#answer(exchange, response, now);
      return;
    }
    const answer = (own: Response): void => this.#answer(exchange, own, this.#host.clock.now());
    const fail = (error: unknown): void => this.#fail(exchange, error, this.#host.clock.now());
    whenOurs(response, answer, fail, () => this.pump());
  }

  /** A handler has thrown, or its answer cannot be sent. */
  #fail(exchange: Exchange, error: unknown, now: Instant): void {
    const known = error instanceof StatusError;
    if (!known) this.#host.failed(error, exchange.method, exchange.target);
    exchange.leaving = undefined;
    if (exchange !== this.#exchange || exchange.answered) return;
    const status = known && error.status >= 400 && error.status <= 599 ? error.status : 500;
    this.#answer(exchange, new Response(`${known ? error.message : "Internal Server Error"}\n`, { status }), now);
  }

  #answer(exchange: Exchange, response: Response, now: Instant): void {
    if (exchange !== this.#exchange || this.#phase !== OPEN) {
      abandon(contentOf(response));
      return;
    }
    if (exchange.leaving !== undefined) {
      if (exchange.leaving.response !== response) exchange.leaving = undefined;
      else this.wanted(); // RFC 9110 §7.8: 100 comes before 101
    }
    const output = this.#output;
    let answer: Answer;
    try {
      answer = writeHead(output, exchange, response, this.#mustClose(exchange), this.#host.dateLine(now));
    } catch (error) {
      this.#fail(exchange, error, now);
      return;
    }
    exchange.answered = true;
    const { content, framing } = answer;
    if (framing === "none") abandon(content);
    else if (typeof content === "string") output.utf8(content, answer.length);
    else if (content instanceof Uint8Array) output.bytes(content);
    else if (content !== null) {
      this.#answerByPieces(exchange, answer);
      return;
    }
    this.#finish(exchange, answer.close);
  }

  #answerByPieces(exchange: Exchange, answer: Answer): void {
    const head = this.#output.takeBack(answer.start);
    this.#stream = new AnswerStream(this.#output, head, answer, {
      progress: () => this.pump(),
      ended: () => {
        this.#stream = undefined;
        this.#finish(exchange, answer.close);
        this.pump();
      },
      failed: (error, begun) => {
        this.#stream = undefined;
        exchange.answered = begun;
        this.#fail(exchange, error, this.#host.clock.now());
        if (begun) this.#cut();
        else this.pump();
      },
    });
  }

  /** Whether the connection has to end with this answer, as far as is known before it. */
  #mustClose(exchange: Exchange): boolean {
    const { limits, closing } = this.#host;
    if (closing || this.#broken || this.#requests >= limits.requestsPerConnection) return true;
    return !canGoOn(exchange, this.#continued, limits.drain);
  }

  /** An answer has been written. */
  #finish(exchange: Exchange, close: boolean): void {
    if (exchange !== this.#exchange || this.#phase !== OPEN) return;
    exchange.done = true;
    if (exchange.leaving !== undefined) {
      if (exchange.complete) this.#phase = LEAVING;
    } else if (close || this.#host.closing || this.#broken) {
      this.#closeWrite();
    } else if (exchange.complete) {
      this.#exchange = undefined;
    }
    exchange.arriving?.drop();
  }

  /** The handler asks for the body: a client that waits for a word gets it (RFC 9110 §10.1.1). */
  wanted(): void {
    const exchange = this.#exchange;
    if (exchange === undefined || exchange.complete || exchange.answered || this.#continued) return;
    if (!exchange.head.expectContinue || this.#phase !== OPEN) return;
    this.#continued = true;
    this.#output.latin1(CONTINUE);
    this.pump();
  }

  inform(exchange: Exchange, head: string): void {
    if (exchange !== this.#exchange || exchange.answered || this.#phase !== OPEN || exchange.head.minor === 0) return;
    this.#output.latin1(head);
    this.pump();
  }

  taken(): void {
    this.pump();
  }

  /** Answers for the handler, and closes: what comes next on the connection is in doubt. */
  #refuse(status: number, text: string, extra = ""): void {
    this.#broken = true;
    const exchange = this.#exchange;
    if (exchange !== undefined) {
      exchange.arriving?.fail(new StatusError(status, text));
      exchange.abort(new StatusError(status, text));
      if (exchange.done) this.#closeWrite();
      if (exchange.answered) return;
    }
    this.#host.refused(this.remote, status);
    this.#output.latin1(refusal(status, text, this.#host.dateLine(this.#host.clock.now()), extra));
    this.#closeWrite();
  }

  /** Nothing more will be written. */
  #closeWrite(): void {
    this.#exchange = undefined;
    this.#held = NOTHING;
    this.#phase = LINGERING;
  }

  #linger(into: Uint8Array): void {
    if (this.#output.blocked || this.#output.failure !== undefined) return;
    if (!this.#shut) {
      this.#shut = true;
      this.#socket.shutdown("write").catch(() => {});
    }
    for (;;) {
      const count = this.#peerEnded ? 0 : this.#socket.read(into);
      if (count === "EAGAIN") return;
      if (typeof count === "string" || count === 0) {
        this.#end();
        return;
      }
    }
  }

  /** Gives the connection to who speaks another protocol on it. */
  async #leave(): Promise<void> {
    this.#phase = LEFT;
    this.waitsIn?.clear(this);
    this.#socket.onReady = undefined;
    await handOver(this.#host, this.#exchange as Exchange, this.#socket, this.#held);
    this.#end();
  }

  /** Sets the deadline for what is waited for. */
  #watch(now: Instant): void {
    if (this.#phase === DONE) return;
    const list = this.#awaited();
    if (list === undefined) this.waitsIn?.clear(this);
    else if (list !== this.waitsIn || (list === this.#host.idle && list.isStale(this, now))) {
      this.#marked = this.#received + this.#output.sent;
      list.set(this, now);
    }
  }

  #awaited(): Deadlines | undefined {
    const host = this.#host;
    if (this.#output.blocked) return host.rate;
    if (this.#phase !== OPEN) return host.linger;
    const exchange = this.#exchange;
    if (exchange === undefined) return this.#isBetween() ? host.idle : host.head;
    const asked = !exchange.head.expectContinue || this.#continued;
    return !exchange.complete && asked && this.#takesBytes() ? host.rate : undefined;
  }

  override expire(list: Deadlines): void {
    const { head, rate, clock, limits } = this.#host;
    const moved = this.#received + this.#output.sent - this.#marked;
    if (list === head) this.#refuse(408, "the head of a request takes too long");
    else if (list !== rate) this.#end();
    else if (!isTooSlow(moved, limits)) this.#watch(clock.now());
    else if (this.#output.blocked || this.#exchange?.answered !== false) this.#cut();
    else this.#refuse(408, "the body of a request comes too slowly");
    this.pump();
  }

  /** An answer cannot be ended as it was begun: only a reset tells the client. */
  #cut(): void {
    tryOption(this.#socket, "SO_LINGER", 0);
    this.#gone("ECONNABORTED");
  }

  #gone(errno: Errno): void {
    if (this.#phase === DONE) return;
    this.#output.fail(errno);
    this.#exchange?.arriving?.fail(new StatusError(400, "the connection was lost"));
    this.#exchange?.abort(new SocketError(errno, "recv"));
    this.#end();
  }

  #end(): void {
    if (this.#phase === DONE) return;
    this.#phase = DONE;
    this.waitsIn?.clear(this);
    this.#stream?.leave();
    this.#output.fail("EPIPE");
    this.#socket.onReady = undefined;
    void this.#socket.close();
    this.#host.connectionEnded(this);
  }
}
