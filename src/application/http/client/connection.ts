import { concatenate } from "../../../base/concatenate.ts";
import type { Clock } from "../../../socket/clock.ts";
import type { Socket } from "../../../socket/socket.ts";
import type { Fields } from "../message/fields.ts";
import type { MessageHead } from "../message/head.ts";
import type { MessageLimits } from "../message/limits.ts";
import { MessageParser } from "../message/parser.ts";
import { Exchange, type ExchangeOptions, type WireRequest } from "./exchange.ts";
import { HttpError, type Phase } from "./http-error.ts";
import { parseError } from "./parse-failure.ts";
import type { Pooled } from "./pool.ts";

/** Bytes that one read asks for. */
const READ_SIZE = 65_536;
/** Responses of status 1xx before the final one. */
const INTERIM_LIMIT = 100;
const NOTHING = new Uint8Array(0);
const DONE: IteratorResult<Uint8Array, undefined> = { done: true, value: undefined };

/** Gives a body piece by piece; each belongs to who asked. Who does not read to the end has to call `return`. */
export interface BodyReader extends AsyncIterableIterator<Uint8Array, undefined> {
  next(): Promise<IteratorResult<Uint8Array, undefined>>;
  return(): Promise<IteratorResult<Uint8Array, undefined>>;
}

/** A response whose head has come. */
export interface WireResponse {
  readonly head: MessageHead;
  /** All of the body when that came with the head, else what gives it. Who does not read it to its end has to leave it. */
  readonly body: Uint8Array | BodyReader;
  /** The trailer fields, once the body has ended. */
  readonly trailers: () => Fields;
}

/** A connection to a server: HTTP/1.1 as a client speaks it, one exchange after the other (RFC 9112 §9.3). */
export class ClientConnection implements Pooled {
  readonly socket: Socket;
  readonly #clock: Pick<Clock, "after">;
  readonly #parser: MessageParser;
  #bytes: Uint8Array = NOTHING;
  #at = 0;
  #exchange: Exchange | undefined;
  #closed = false;
  #heard = 0;
  #onUnready: (() => void) | undefined;

  constructor(socket: Socket, clock: Pick<Clock, "after">, limits?: Partial<MessageLimits>) {
    this.socket = socket;
    this.#clock = clock;
    this.#parser = new MessageParser("response", limits);
  }

  /** Whether another request may go out now. What comes unasked is no answer to anything: such a connection is done. */
  isReady(): boolean {
    if (this.#closed || this.#exchange !== undefined || this.#at < this.#bytes.length) return false;
    const { readable, hangup, error } = this.socket.poll();
    return !readable && !hangup && !error;
  }

  /** Bytes that came since the last request went out. */
  get heard(): number {
    return this.#heard;
  }

  get onUnready(): (() => void) | undefined {
    return this.#onUnready;
  }

  set onUnready(callback: (() => void) | undefined) {
    this.#onUnready = callback;
    this.socket.onReady =
      callback === undefined
        ? undefined
        : () => {
            if (!this.isReady()) callback();
          };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.socket.close();
  }

  /**
   * Sends a request and reads the head of its final response.
   * @throws HttpError, SocketError, TypeError when the body is not as long as was said, the signal's reason. The connection is
   *   closed then
   */
  async exchange(request: WireRequest, options: ExchangeOptions): Promise<WireResponse> {
    const exchange = new Exchange(this, request, options, this.#clock);
    this.#exchange = exchange;
    this.#heard = 0;
    this.#parser.answers(request.method);
    try {
      exchange.begin();
      const head = await this.#finalHead(exchange, options);
      const body = this.#body(exchange);
      return { head, body, trailers: () => this.#parser.trailers };
    } catch (error) {
      throw exchange.fail(error);
    }
  }

  /** Leaves HTTP (RFC 9110 §7.8, §9.3.6): the socket is the caller's, and so is what came after the head. */
  detach(): { readonly socket: Socket; readonly head: Uint8Array } {
    const head = this.#bytes.subarray(this.#at);
    this.#bytes = NOTHING;
    this.#at = 0;
    this.#closed = true;
    this.#exchange?.leave();
    return { socket: this.socket, head };
  }

  /** An exchange is over, for better or worse. */
  ended(exchange: Exchange): void {
    if (this.#exchange === exchange) this.#exchange = undefined;
  }

  async #finalHead(exchange: Exchange, options: ExchangeOptions): Promise<MessageHead> {
    for (let interim = 0; ; interim++) {
      await this.#nextHead(exchange, options);
      const { head } = this.#parser;
      if (head.status >= 200 || head.status === 101) {
        exchange.answered(head);
        return head;
      }
      if (interim === INTERIM_LIMIT) {
        throw new HttpError("HPE_STRICT", "head", `more than ${INTERIM_LIMIT} responses of status 1xx`);
      }
      if (head.status === 100) exchange.proceed();
      this.#step("head"); // the end of what has no body
    }
  }

  async #nextHead(exchange: Exchange, { onHead }: ExchangeOptions): Promise<void> {
    const raw: Uint8Array[] = [];
    for (;;) {
      const from = this.#at;
      const event = this.#step("head");
      if (onHead !== undefined && this.#at > from) raw.push(this.#bytes.subarray(from, this.#at));
      if (event === "head") {
        onHead?.(this.#parser.head, concatenate(raw));
        return;
      }
      if (!(await this.#fill(exchange, "head"))) {
        this.#parser.close();
        const begun = this.#parser.event === "error";
        const what = begun ? "within the head of its answer" : "without an answer";
        throw new HttpError("ECONNRESET", "head", `the server closed the connection ${what}`);
      }
    }
  }

  /** What came with the head, if that was all, else what gives the rest as it comes. */
  #body(exchange: Exchange): Uint8Array | BodyReader {
    const pieces: Uint8Array[] = [];
    if (exchange.leavesHttp) return NOTHING;
    try {
      for (;;) {
        const event = this.#step("body");
        if (event === "end") {
          exchange.received(this.#at < this.#bytes.length);
          return concatenate(pieces);
        }
        if (event !== "body") return this.#rest(exchange, pieces);
        pieces.push(this.#piece());
      }
    } catch (error) {
      if (pieces.length === 0) throw error;
      exchange.fail(error);
      return this.#rest(exchange, pieces, true); // what came before is good, and told first
    }
  }

  /** The rest of a body. Not a generator: one that was never begun does not hear that it is left. */
  #rest(exchange: Exchange, pieces: Uint8Array[], broken = false): BodyReader {
    let over = false;
    const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      const first = pieces.shift();
      if (first !== undefined) return { done: false, value: first };
      if (over) return DONE;
      try {
        const piece = broken ? undefined : await this.#nextPiece(exchange);
        if (piece !== undefined) return { done: false, value: piece };
        over = true;
        if (broken) throw new Error("the body is broken");
        exchange.received(this.#at < this.#bytes.length);
        return DONE;
      } catch (error) {
        over = true;
        throw exchange.fail(error);
      }
    };
    const leave = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      pieces.length = 0;
      if (!over) exchange.fail(new HttpError("ECANCELED", "body", "the body was not read to its end"));
      over = true;
      return DONE;
    };
    const reader: BodyReader = { next, return: leave, [Symbol.asyncIterator]: () => reader };
    return reader;
  }

  /** @returns undefined at the end of the body */
  async #nextPiece(exchange: Exchange): Promise<Uint8Array | undefined> {
    for (;;) {
      const event = this.#step("body");
      if (event === "end") return undefined;
      if (event === "body") return this.#piece();
      if (await this.#fill(exchange, "body")) continue;
      this.#parser.close();
      if (this.#parser.event === "end") return undefined;
      throw parseError({ status: 400, code: "truncated" }, "body");
    }
  }

  #piece(): Uint8Array {
    return this.#bytes.subarray(this.#parser.bodyStart, this.#parser.bodyEnd);
  }

  #step(phase: Phase): "more" | "head" | "body" | "end" {
    const parser = this.#parser;
    this.#at = parser.parse(this.#bytes, this.#at, this.#bytes.length);
    if (parser.event === "error") throw parseError(parser.failure ?? { status: 400, code: "truncated" }, phase);
    return parser.event;
  }

  /** @returns false at the end of the stream */
  async #fill(exchange: Exchange, phase: Phase): Promise<boolean> {
    this.#bytes = NOTHING;
    this.#at = 0;
    this.#bytes = await exchange.receive(READ_SIZE, phase);
    this.#heard += this.#bytes.length;
    return this.#bytes.length > 0;
  }
}
