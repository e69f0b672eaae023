import { concatenate } from "../../../base/concatenate.ts";
import type { Clock } from "../../../socket/clock.ts";
import { type Socket, SocketError } from "../../../socket/socket.ts";
import { writeAll } from "../../../socket/tcp.ts";
import { type Duration, seconds } from "../../../time/instant.ts";
import type { MessageHead } from "../message/head.ts";
import { HttpError, type Phase } from "./http-error.ts";
import { framed, type WireBody } from "./wire-body.ts";

/** A body of so many bytes goes out with its head, in one write. */
const TOGETHER = 16_384;
/** How long to rest where the server does not say; it closes no later than that (RFC 9112 §9.8). */
const REST = seconds(60);

/** A request as it goes out. */
export interface WireRequest {
  readonly method: string;
  /** Start line and fields with the empty line after them. */
  readonly head: Uint8Array;
  readonly body?: WireBody | undefined;
  /** How long to wait for 100 (Continue) before the body is sent (RFC 9110 §10.1.1); not at all unless given. */
  readonly expectContinue?: Duration | undefined;
}

export interface ExchangeOptions {
  readonly signal?: AbortSignal | undefined;
  /** From the end of the request to the head of the response. */
  readonly headTimeout?: Duration | undefined;
  /** Between two pieces, in either direction. */
  readonly idleTimeout?: Duration | undefined;
  /** Told each head as it comes, those of 1xx too, with its bytes. */
  readonly onHead?: ((head: MessageHead, bytes: Uint8Array) => void) | undefined;
  /** Called once, when both directions have ended: how long the connection may rest for its next request, or undefined. */
  readonly onOver: (rest: Duration | undefined) => void;
}

/** The connection that carries an exchange. */
interface Carrier {
  readonly socket: Socket;
  close(): Promise<void>;
  /** The exchange is over, for better or worse. */
  ended(exchange: Exchange): void;
}

/** One request on its way and its response: what of both is done, and what has gone wrong. */
export class Exchange {
  readonly #connection: Carrier;
  readonly #request: WireRequest;
  readonly #options: ExchangeOptions;
  readonly #clock: Pick<Clock, "after">;
  /** Why it is over, if not well. */
  #failure: unknown;
  #over = false;
  /** Why the request could not be sent; the answer may come all the same (RFC 9112 §9.5). */
  #sendError: unknown;
  #sent = false;
  #stopSending = false;
  #received = false;
  #head: MessageHead | undefined;
  /** Takes back what happens when the head is late. */
  #cancelDeadline: (() => void) | undefined;
  #proceed: (() => void) | undefined;

  constructor(connection: Carrier, request: WireRequest, options: ExchangeOptions, clock: Pick<Clock, "after">) {
    this.#connection = connection;
    this.#request = request;
    this.#options = options;
    this.#clock = clock;
  }

  begin(): void {
    const { signal } = this.#options;
    if (signal?.aborted) throw signal.reason;
    signal?.addEventListener("abort", this.#aborted, { once: true });
    const { head, body, expectContinue } = this.#request;
    if (body === undefined) this.#write(head);
    else if (body.content instanceof Uint8Array && body.length !== undefined && expectContinue === undefined) {
      this.#write(body.content.length <= TOGETHER ? concatenate([head, body.content]) : head, body);
    } else void this.#send(head, body);
  }

  /** The server has asked for the body (RFC 9110 §15.2.1). */
  proceed(): void {
    this.#proceed?.();
  }

  /** The head of the final response is here. What of the request is still to be sent is not wanted after an error. */
  answered(head: MessageHead): void {
    this.#head = head;
    this.#cancelDeadline?.();
    if (head.status >= 400 || head.status === 101) this.#stopSending = true;
    if (!this.#sent && this.#stopSending) this.proceed();
  }

  /** Whether what comes next is no HTTP any more. */
  get leavesHttp(): boolean {
    const status = this.#head?.status ?? 0;
    return status === 101 || (this.#request.method === "CONNECT" && status >= 200 && status < 300);
  }

  /** The connection is somebody else's now. */
  leave(): void {
    this.#end(undefined);
  }

  /** The response is whole. @param more whether something follows that nobody asked for */
  received(more: boolean): void {
    this.#received = true;
    if (more) this.#stopSending = true;
    this.#finish(more);
  }

  /** @returns what the caller is to be told */
  fail(error: unknown): unknown {
    this.#failure ??= error;
    this.#end(undefined);
    void this.#connection.close();
    return this.#failure;
  }

  async receive(size: number, phase: Phase): Promise<Uint8Array> {
    const { idleTimeout: timeout } = this.#options;
    try {
      return await this.#connection.socket.recv(size, phase === "head" ? undefined : { timeout });
    } catch (error) {
      if (this.#failure !== undefined) throw this.#failure;
      if (!isTimeout(error)) throw this.#sendError ?? error;
      throw new HttpError("ETIMEDOUT", phase, "no more of the answer came in time");
    }
  }

  readonly #aborted = (): void => {
    this.#failure ??= this.#options.signal?.reason ?? new HttpError("ECANCELED", "head", "aborted");
    this.fail(this.#failure);
  };

  /** Nothing of the request is to be sent any more: an answer is due. */
  #awaitAnswer(): void {
    const { headTimeout } = this.#options;
    if (headTimeout === undefined || this.#head !== undefined || this.#over) return;
    const late = (): void => void this.fail(new HttpError("ETIMEDOUT", "head", "no answer came in time"));
    this.#cancelDeadline = this.#clock.after(headTimeout, late);
  }

  /** Sends bytes, without waiting where they fit, and then of a larger body the rest. */
  #write(bytes: Uint8Array, body?: WireBody): void {
    const count = this.#connection.socket.write(bytes);
    const isWhole = body === undefined || bytes !== this.#request.head;
    if (count === bytes.length && isWhole) {
      this.#sent = true;
      this.#awaitAnswer();
      return;
    }
    if (typeof count === "string" && count !== "EAGAIN") {
      this.#sendError = new SocketError(count, "send");
      this.#stopSending = true;
      this.#awaitAnswer();
      return;
    }
    void this.#send(bytes.subarray(typeof count === "number" ? count : 0), isWhole ? undefined : body);
  }

  async #send(head: Uint8Array, body: WireBody | undefined): Promise<void> {
    const { expectContinue } = this.#request;
    try {
      if (head.length > 0) await this.#sendPiece(head);
      if (body !== undefined) {
        if (expectContinue !== undefined) await this.#awaitContinue(expectContinue);
        if (!this.#stopSending) await this.#sendBody(body);
      }
      if (!this.#stopSending) this.#sent = true;
    } catch (error) {
      this.#stopSending = true;
      if (error instanceof SocketError) this.#sendError ??= error;
      else this.fail(error); // the body's own failure: what was begun cannot be ended
    }
    this.#awaitAnswer();
    if (this.#received) this.#finish(false);
  }

  async #sendBody(body: WireBody): Promise<void> {
    for await (const bytes of framed(body)) {
      if (this.#stopSending || this.#over) return;
      await this.#sendPiece(bytes);
    }
  }

  async #sendPiece(bytes: Uint8Array): Promise<void> {
    const { idleTimeout } = this.#options;
    try {
      await writeAll(this.#connection.socket, bytes, { timeout: idleTimeout });
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new HttpError("ETIMEDOUT", "send", "the server took no more of the request in time");
    }
  }

  #awaitContinue(patience: Duration): Promise<void> {
    if (this.#head !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(patience, () => this.proceed());
      this.#proceed = () => {
        cancel();
        this.#proceed = undefined;
        resolve();
      };
    });
  }

  #finish(more: boolean): void {
    if (!this.#received || !(this.#sent || this.#stopSending)) return; // both directions have to end (RFC 9112 §9.3)
    if (this.#sent && !more && this.#head?.keepAlive) {
      this.#end(restOf(this.#head));
      return;
    }
    this.#end(undefined);
    void this.#connection.close();
  }

  #end(rest: Duration | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopSending = true;
    this.#cancelDeadline?.();
    this.#options.signal?.removeEventListener("abort", this.#aborted);
    this.#connection.ended(this);
    this.proceed();
    this.#options.onOver(rest);
  }
}

const isTimeout = (error: unknown): boolean => error instanceof SocketError && error.code === "EAGAIN";

/** How long the server lets a connection rest, less a second for what is on its way: `Keep-Alive: timeout=5`. */
function restOf(head: MessageHead): Duration {
  const told = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,6})/i.exec(head.fields.get("keep-alive") ?? "")?.[1];
  return told === undefined ? REST : seconds(Math.max(Number(told) - 1, 0.5));
}
