import { encodeLatin1 } from "../../../base/latin1.ts";
import type { Socket } from "../../../socket/socket.ts";
import { type Duration, milliseconds, seconds } from "../../../time/instant.ts";
import type { ProgramContext } from "../../program.ts";
import { type BodyPieces, piecesOf, takeContent } from "../body.ts";
import { Headers, type HeadersInit } from "../headers.ts";
import type { MessageLimits } from "../message/limits.ts";
import { formatRequestHead } from "../message/serialiser.ts";
import { Request, type RequestInit } from "../request.ts";
import { Response } from "../response.ts";
import { type Attempted, attempt } from "./attempt.ts";
import type { BodyReader, ClientConnection, WireResponse } from "./connection.ts";
import { acceptedCodings, decoded } from "./content-coding.ts";
import type { CookieJar } from "./cookie-jar.ts";
import { type ClientTls, Dialer } from "./dial.ts";
import type { WireRequest } from "./exchange.ts";
import { HttpError } from "./http-error.ts";
import { type HttpProxy, type Origin, originOf } from "./origin.ts";
import { formatBasicCredentials, isIdempotent, outgoing, requestFields } from "./outgoing.ts";
import { type Lease, Pool, type PoolLimits } from "./pool.ts";
import { BODY_FIELDS, CONFIDENTIAL_FIELDS, isRedirect, REDIRECT_LIMIT, redirected } from "./redirect.ts";
import type { WireBody } from "./wire-body.ts";

export interface HttpClientOptions {
  /** Keeps cookies from one request to the next; none unless given. */
  readonly cookies?: CookieJar | undefined;
  readonly pool?: Partial<PoolLimits> | undefined;
  /** Of what a server may send. */
  readonly limits?: Partial<MessageLimits> | undefined;
  /** For name, connection and handshake together; 10 s unless given. */
  readonly connectTimeout?: Duration | undefined;
  /** From the end of the request to the head of the answer; 300 s unless given. */
  readonly headTimeout?: Duration | undefined;
  /** Between two pieces of a body; 300 s unless given. */
  readonly idleTimeout?: Duration | undefined;
  readonly tls?: ClientTls | undefined;
  /** An HTTP proxy for everything: `"http://user:password@proxy:3128"`. */
  readonly proxy?: string | undefined;
  /** What User-Agent says where a request does not; none with null. */
  readonly userAgent?: string | null | undefined;
  /** Asks for compressed bodies and expands them, where the context can; true unless told. */
  readonly decompress?: boolean | undefined;
  /** Bodies of more bytes wait for 100 (Continue), for at most a second; never unless given (RFC 9110 §10.1.1). */
  readonly expectContinueAbove?: number | undefined;
}

/** What {@link HttpClient.upgrade} is told. */
export interface UpgradeInit {
  readonly method?: string | undefined;
  readonly headers?: HeadersInit | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer to a request to leave HTTP. */
export type Upgraded =
  | {
      readonly response: Response;
      readonly socket: Socket;
      /** Bytes that came after the head: the first that are for the new protocol. */
      readonly head: Uint8Array;
    }
  | { readonly response: Response; readonly socket?: undefined; readonly head?: undefined };

type ClientContext = Pick<ProgramContext, "sockets" | "names" | "tls" | "clock" | "work" | "compression">;

const CONTINUE_PATIENCE = milliseconds(1000);

/** One request of a chain of redirects. */
interface Step {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: WireBody | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * `fetch` over any sockets: connections are kept and used again, redirects followed, cookies kept, bodies expanded.
 *
 * As in the Fetch standard a failed exchange rejects with a TypeError whose `cause` says what it was ({@link HttpError},
 * SocketError, NameError, TlsError), and an aborted one with the signal's reason. What differs: any header may be set, and
 * there are no origins that forbid anything.
 */
export class HttpClient {
  readonly #context: ClientContext;
  readonly #options: HttpClientOptions;
  readonly #pool: Pool<Origin, ClientConnection>;
  readonly #proxy: HttpProxy | undefined;
  readonly #acceptEncoding: string | undefined;

  constructor(context: ClientContext, options: HttpClientOptions = {}) {
    const { connectTimeout = seconds(10), tls, limits, decompress = true } = options;
    const dialer = new Dialer(context, { connectTimeout, tls, limits });
    this.#context = context;
    this.#options = options;
    this.#pool = new Pool(context.clock, (origin, signal) => dialer.dial(origin, signal), options.pool);
    this.#proxy = options.proxy === undefined ? undefined : proxyOf(options.proxy);
    this.#acceptEncoding = decompress ? acceptedCodings(context.compression) : undefined;
  }

  /**
   * Sends a request and gives its response as soon as its head is there. Who does not want the body has to cancel it, or abort:
   * its connection is busy until then.
   * @throws TypeError, with a cause, when there is no answer; the reason of the request's signal when it aborts
   */
  fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { redirect, headers } = request;
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const body = outgoing(takeContent(request), headers.get("content-length"));
    let step: Step = { url: new URL(request.url), method: request.method, headers, body, signal };
    for (let hops = 0; ; hops++) {
      const { response, lease } = await this.#attempt(step);
      const { status, fields } = response.head;
      if (redirect === "manual" || !isRedirect(status)) return this.#respond(step, response, lease, hops > 0);
      const location = fields.get("location");
      const next = guard(step, () =>
        location === undefined ? undefined : follow(step, status, location, redirect, hops),
      );
      if (next === undefined) return this.#respond(step, response, lease, hops > 0);
      await drain(response);
      step = next;
    }
  };

  /**
   * Asks a server to leave HTTP (RFC 9110 §7.8). Where it does (101) the socket is the caller's; else its answer is like any.
   * @param protocol as Upgrade names it: `"websocket"`
   * @throws as `fetch`
   */
  async upgrade(url: string | URL, protocol: string, init: UpgradeInit = {}): Promise<Upgraded> {
    const { method = "GET", signal } = init;
    const headers = new Headers(init.headers);
    headers.set("Connection", "Upgrade");
    headers.set("Upgrade", protocol);
    const step: Step = { url: httpUrl(url), method, headers, body: undefined, signal };
    const { response, lease } = await this.#attempt(step, true);
    if (response.head.status !== 101) return { response: this.#respond(step, response, lease, false) };
    const { socket, head } = lease.connection.detach();
    const { status, reason, fields } = response.head;
    return { response: new Response(null, { status, statusText: reason, headers: fields }), socket, head };
  }

  /** Connections there are, those that rest, and requests that wait for one. */
  snapshot(): ReturnType<Pool<Origin, ClientConnection>["snapshot"]> {
    return this.#pool.snapshot();
  }

  /** Closes connections that rest now, and those in use when their answers have ended; later requests are refused. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #attempt(step: Step, upgrade = false): Promise<Attempted> {
    const { headTimeout = seconds(300), idleTimeout = seconds(300) } = this.#options;
    const { method, url, body, signal } = step;
    try {
      const origin = originOf(url, this.#proxy);
      const isThere = body === undefined || body.content instanceof Uint8Array;
      const options = { again: isIdempotent(method) && isThere, signal, headTimeout, idleTimeout };
      const wire = this.#wire(step, origin);
      let attempted = await attempt(this.#pool, origin, wire, options);
      if (attempted.response.head.status === 417 && wire.expectContinue !== undefined && isThere) {
        await drain(attempted.response); // a server that does not know Expect is asked without (RFC 9110 §10.1.1)
        attempted = await attempt(this.#pool, origin, this.#wire(step, origin, false), options);
      }
      if (attempted.response.head.status === 101 && !upgrade) {
        attempted.lease.connection.detach();
        await attempted.lease.connection.socket.close();
        throw new HttpError("HPE_STRICT", "head", "the server leaves HTTP though nobody asked it to");
      }
      this.#keepCookies(url, attempted.response);
      return attempted;
    } catch (error) {
      throw failed(step, error);
    }
  }

  /** @param asks whether it may ask if its body is wanted */
  #wire({ url, method, headers, body }: Step, origin: Origin, asks = true): WireRequest {
    const { cookies, userAgent = "netarium", expectContinueAbove = Number.POSITIVE_INFINITY } = this.#options;
    const fields = requestFields(method, url.host, headers.raw(), body, cookies?.header(url) ?? "", {
      userAgent: userAgent ?? undefined,
      acceptEncoding: this.#acceptEncoding,
    });
    const path = url.pathname + url.search;
    const absolute = origin.proxy !== undefined && !origin.secure;
    if (absolute && origin.proxy?.authorization !== undefined && !fields.has("proxy-authorization")) {
      fields.append("Proxy-Authorization", origin.proxy.authorization);
    }
    const length = body?.length ?? (body === undefined ? 0 : Number.POSITIVE_INFINITY);
    if (length > expectContinueAbove && !fields.has("expect")) fields.append("Expect", "100-continue");
    if (!asks) fields.delete("expect");
    const expects = body !== undefined && fields.get("expect")?.toLowerCase() === "100-continue";
    const target = absolute ? `http://${url.host}${path}` : path;
    return {
      method,
      head: encodeLatin1(formatRequestHead(method, target, fields)),
      body,
      expectContinue: expects ? CONTINUE_PATIENCE : undefined,
    };
  }

  #keepCookies(url: URL, { head }: WireResponse): void {
    const { cookies } = this.#options;
    if (cookies === undefined || !head.fields.has("set-cookie")) return;
    for (const value of head.fields.getAll("set-cookie")) cookies.store(value, url);
  }

  #respond(step: Step, wire: WireResponse, lease: Lease<ClientConnection>, redirected: boolean): Response {
    const { status, reason: statusText, fields: headers } = wire.head;
    try {
      const body = hasNoBody(status) || step.method === "HEAD" ? null : this.#body(wire);
      if (body === null) void drain(wire);
      return Response.from({ url: withoutFragment(step.url), redirected }, body, { status, statusText, headers });
    } catch (error) {
      lease.release(undefined);
      throw failed(step, error);
    }
  }

  #body(wire: WireResponse): Uint8Array | BodyPieces | null {
    const { head } = wire;
    const body = withoutTransferCodings(wire, this.#context);
    const coding = body instanceof Uint8Array && body.length === 0 ? undefined : head.fields.get("content-encoding");
    const plain =
      coding === undefined || this.#options.decompress === false ? undefined : decoded(body, coding, this.#context);
    const isWhole = plain === undefined && body instanceof Uint8Array;
    if (isWhole && (head.framing !== "chunked" || wire.trailers().size === 0)) return body;
    const pieces = plain ?? (body instanceof Uint8Array ? piecesOf(body) : body);
    return {
      get trailers() {
        return wire.trailers();
      },
      [Symbol.asyncIterator]: () => leaving(pieces[Symbol.asyncIterator](), body),
    };
  }
}

/** A body without the codings that only its way here had (RFC 9112 §6.1). None was asked for, so few servers use any. */
function withoutTransferCodings({ body, head }: WireResponse, context: ClientContext): WireResponse["body"] {
  if (head.codings.length === 0) return body;
  const plain = decoded(body, head.codings.join(","), context);
  if (plain === undefined) {
    throw new HttpError("HPE_INVALID_TRANSFER_ENCODING", "body", `the answer is in a transfer coding: ${head.codings}`);
  }
  const pieces = leaving(plain[Symbol.asyncIterator](), body);
  const reader = { next: () => pieces.next(), return: () => pieces.return?.(), [Symbol.asyncIterator]: () => reader };
  return reader as BodyReader;
}

/** Leaving what was never begun does not leave what is beneath, so both are left. */
function leaving(pieces: AsyncIterator<Uint8Array>, beneath: WireResponse["body"]): AsyncIterator<Uint8Array> {
  return {
    next: () => pieces.next(),
    async return() {
      await pieces.return?.();
      if (!(beneath instanceof Uint8Array)) await beneath.return();
      return { done: true, value: undefined };
    },
  };
}

/** The next of a chain. @throws TypeError when it is one too many, leads nowhere, or is an error by the caller's wish */
function follow(step: Step, status: number, location: string, mode: string, hops: number): Step | undefined {
  if (mode === "error") throw new TypeError(`redirected to ${location}`);
  if (hops === REDIRECT_LIMIT) throw new TypeError(`redirected more than ${REDIRECT_LIMIT} times`);
  const next = redirected(step, status, location);
  if (next === undefined) return undefined;
  const { url, method, keepsBody, crossesOrigin } = next;
  const headers = new Headers(step.headers);
  if (!keepsBody) for (const name of BODY_FIELDS) headers.delete(name);
  if (crossesOrigin) for (const name of CONFIDENTIAL_FIELDS) headers.delete(name);
  const body = keepsBody ? step.body : undefined;
  if (body !== undefined && !(body.content instanceof Uint8Array)) {
    throw new TypeError(`redirected by ${status}, and the body is a stream that was sent already`);
  }
  return { url, method, headers, body, signal: step.signal };
}

/** Reads a body that nobody wants, so that its connection can be used again; a long one is not worth it. */
async function drain({ head, body }: WireResponse): Promise<void> {
  if (body instanceof Uint8Array) return;
  const limit = head.framing === "until-close" ? 0 : DRAIN_LIMIT;
  try {
    for (let left = limit; left > 0; ) {
      const piece = await body.next();
      if (piece.done) return;
      left -= piece.value.length;
    }
    await body.return();
  } catch {
    // It failed where nobody looks; the connection is closed.
  }
}

const DRAIN_LIMIT = 65_536;

function guard<T>(step: Step, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failed(step, error);
  }
}

/** What a caller is told (Fetch standard, "network error"). */
function failed({ url, method, signal }: Step, error: unknown): unknown {
  if (signal?.aborted && error === signal.reason) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new TypeError(`${method} ${withoutFragment(url)} failed: ${why}`, { cause: error });
}

const hasNoBody = (status: number): boolean => status === 204 || status === 205 || status === 304;

function withoutFragment({ href, hash }: URL): string {
  return hash === "" ? href : href.slice(0, href.length - hash.length);
}

/** ws and wss are names of http and https (RFC 6455 §3). */
function httpUrl(url: string | URL): URL {
  const parsed = new URL(url);
  return new URL(parsed.href.replace(/^ws(s?):/, "http$1:"));
}

/** @throws TypeError when it is no http URL */
function proxyOf(text: string): HttpProxy {
  const { protocol, hostname, port, username, password } = new URL(text);
  if (protocol !== "http:") throw new TypeError(`the proxy ${text} is no http URL`);
  const user = decodeURIComponent(username);
  const authorization = username === "" ? undefined : formatBasicCredentials(user, decodeURIComponent(password));
  return { hostname, port: port === "" ? 80 : Number(port), authorization };
}
