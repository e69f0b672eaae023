import type { SocketAddress } from "../../../address/endpoint.ts";
import type { Socket } from "../../../socket/socket.ts";
import type { TlsFacts } from "../../../socket/tls.ts";
import type { Content } from "../body.ts";
import type { RequestInfo } from "../handler.ts";
import { fieldsOf, Headers, type HeadersInit } from "../headers.ts";
import type { MessageHead } from "../message/head.ts";
import { formatResponseHead } from "../message/serialiser.ts";
import { reasonOf } from "../reasons.ts";
import type { Incoming } from "../request.ts";
import { Response } from "../response.ts";
import type { RequestBody } from "./request-body.ts";

/** What an exchange knows of its connection. */
export interface ExchangeConnection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly tls: TlsFacts | undefined;
  waitUntil(work: Promise<unknown>): void;
  /** Writes the head of an interim response, if that may still be. */
  inform(exchange: Exchange, head: string): void;
}

/** The response that leaves HTTP, and who takes the connection then. */
export interface Leaving {
  readonly response: Response;
  readonly take: (socket: Socket) => Promise<void>;
}

/** One request and what becomes of it: a handler's `info`, and what its Request is made from. */
export class Exchange implements Incoming, RequestInfo {
  readonly #connection: ExchangeConnection;
  readonly head: MessageHead;
  readonly content: Content;
  /** The body as it arrives, where it was not all there with the head. */
  readonly arriving: RequestBody | undefined;
  /** All of the request has been read. */
  complete: boolean;
  /** Something of the final answer has been written. */
  answered = false;
  /** All of the final answer has been written. */
  done = false;
  leaving: Leaving | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  #abortedBy: unknown = undefined;

  constructor(connection: ExchangeConnection, head: MessageHead, content: Content, arriving: RequestBody | undefined) {
    this.#connection = connection;
    this.head = head;
    this.content = content;
    this.arriving = arriving;
    this.complete = arriving === undefined;
  }

  get method(): string {
    return this.head.method;
  }

  get target(): string {
    return this.head.target;
  }

  get version(): "HTTP/1.0" | "HTTP/1.1" {
    return this.head.minor === 0 ? "HTTP/1.0" : "HTTP/1.1";
  }

  get local(): SocketAddress {
    return this.#connection.local;
  }

  get remote(): SocketAddress {
    return this.#connection.remote;
  }

  get tls(): TlsFacts | undefined {
    return this.#connection.tls;
  }

  /** Made when somebody asks: most do not, and it costs more than all else of a request. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortedBy !== undefined) this.#controller.abort(this.#abortedBy);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#abortedBy ??= reason;
    this.#controller?.abort(reason);
  }

  waitUntil(work: Promise<unknown>): void {
    this.#connection.waitUntil(work);
  }

  inform(status: number, headers: HeadersInit = {}): void {
    if (!Number.isInteger(status) || status < 102 || status > 199) {
      throw new TypeError(`${status} is no status of an interim response`);
    }
    const own = new Headers(headers);
    // RFC 9110 §8.6, RFC 9112 §6.1: it has no content, and says so of none.
    for (const name of ["content-length", "transfer-encoding", "connection"]) own.delete(name);
    this.#connection.inform(this, formatResponseHead(status, reasonOf(status), fieldsOf(own)));
  }

  upgrade(headers: Readonly<Record<string, string>>, take: (socket: Socket) => Promise<void>): Response {
    const { head } = this;
    const connect = head.method === "CONNECT";
    const asked = head.upgrade;
    if (!connect && asked === undefined) throw new TypeError("the request asks for neither an upgrade nor a tunnel");
    const response = new Response(null, { status: connect ? 200 : 101, headers });
    if (!connect) {
      // Where it names several the handler says which it has taken (RFC 9110 §7.8).
      if (!response.headers.has("upgrade"))
        response.headers.set("Upgrade", (asked as string).split(",", 1)[0] as string);
      response.headers.set("Connection", "Upgrade");
    }
    this.leaving = { response, take };
    return response;
  }

  /** RFC 9112 §3.3. */
  targetUri(): string {
    const { head } = this;
    if (head.form === "absolute") return head.target;
    const scheme = this.tls === undefined ? "http" : "https";
    if (head.form === "authority") return `${scheme}://${head.target}/`;
    const { address, port } = this.local;
    const authority = head.fields.get("host") || `${address}:${port}`;
    return `${scheme}://${authority}${head.form === "asterisk" ? "/" : head.target}`;
  }

  makeHeaders(): Headers {
    return Headers.over(this.head.fields);
  }
}
