import { encodeLatin1 } from "../../../base/latin1.ts";
import { SocketError } from "../../../socket/socket.ts";
import { type Duration, minutes, seconds } from "../../../time/instant.ts";
import type { LogParameters, ProgramContext } from "../../program.ts";
import { type BodyPieces, takeContent } from "../body.ts";
import type { BodyReader, ClientConnection, WireResponse } from "../client/connection.ts";
import { type ClientTls, Dialer } from "../client/dial.ts";
import { HttpError } from "../client/http-error.ts";
import type { Origin } from "../client/origin.ts";
import { isIdempotent, outgoing } from "../client/outgoing.ts";
import { type Lease, Pool, type PoolLimits } from "../client/pool.ts";
import type { WireBody } from "../client/wire-body.ts";
import type { AnyResponse, Handler, Middleware, RequestInfo } from "../handler.ts";
import { Headers } from "../headers.ts";
import type { MessageHead } from "../message/head.ts";
import type { MessageLimits } from "../message/limits.ts";
import { formatRequestHead } from "../message/serialiser.ts";
import { isUnder, type NormalPath, normalPath } from "../path.ts";
import { plain } from "../plain.ts";
import type { Request } from "../request.ts";
import { Response } from "../response.ts";
import { StatusError } from "../status-error.ts";
import { requestFields, responseFields, trailerFields } from "./forward-fields.ts";
import { tunnel } from "./tunnel.ts";
import { type Balance, type Upstream, type UpstreamDescription, Upstreams } from "./upstreams.ts";

/** What of a site is passed on, and to whom. */
export interface ProxyRoute {
  /** The path and all below it, by whole segments. Of several routes the longest that fits is taken. */
  readonly path: string;
  readonly to: readonly UpstreamDescription[];
  /** Round robin unless told. */
  readonly balance?: Balance | undefined;
  /** Whether the upstream is shown the Host that the client asked for, which is so unless told, or its own name. */
  readonly host?: "keep" | "upstream" | undefined;
  /** Whether the route's path is taken away from what the upstream is asked for. */
  readonly strip?: boolean | undefined;
  /**
   * Protocols that clients may leave HTTP for; `["websocket"]` unless told. One that carries requests of its own, such as h2c,
   * would carry them past all rules.
   */
  readonly upgrades?: readonly string[] | undefined;
  /** As {@link ProxyOptions} has them, for this route. */
  readonly headTimeout?: Duration | undefined;
  readonly idleTimeout?: Duration | undefined;
}

export interface ProxyOptions {
  readonly routes: readonly ProxyRoute[];
  /** Our name in Via; `"netarium"` unless told. */
  readonly via?: string | undefined;
  /** For name, connection and handshake together; 5 s unless told. */
  readonly connectTimeout?: Duration | undefined;
  /** From the end of the request to the head of the answer; 60 s unless told. */
  readonly headTimeout?: Duration | undefined;
  /** Between two pieces of a body, in either direction; 60 s unless told. */
  readonly idleTimeout?: Duration | undefined;
  /** How long an upstream is left alone after a failure; 10 s unless told. */
  readonly rest?: Duration | undefined;
  /** How long a connection that has left HTTP may be silent; 60 minutes unless told. */
  readonly tunnelIdle?: Duration | undefined;
  /** Connections to upstreams; {@link PROXY_POOL} unless told. */
  readonly pool?: Partial<PoolLimits> | undefined;
  readonly tls?: ClientTls | undefined;
  /** Of what an upstream may send. */
  readonly limits?: Partial<MessageLimits> | undefined;
}

/** English for what a proxy logs. */
export const PROXY_MESSAGES = {
  "upstream-failed": "{method} {target}: {upstream} gave no answer: {why}",
  "upstream-cut": "{method} {target}: the answer of {upstream} was cut off: {why}",
  "upstream-back": "{upstream} answers again",
} as const;

/** Open streams hold a connection each, so there are many; nobody is to wait where too many wait already. */
const PROXY_POOL: PoolLimits = { perOrigin: 1_024, connections: 8_192, waiting: 1_024, idle: seconds(15) };

/** Upstreams that one request is tried on. */
const TRIES_LIMIT = 3;
/** Entries of ours in Via from which on a request is taken to go round in circles. */
const LOOP_LIMIT = 10;
/** How long a body waits for the upstream's 100 (Continue) before it is sent unasked. */
const CONTINUE_PATIENCE = seconds(1);
const ALLOWED = "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH";

/** A reverse proxy: a handler that passes requests on, and its connections. */
export interface ReverseProxy {
  readonly handler: Handler;
  /** Passes on what its routes name, and all else to who is next. */
  readonly middleware: Middleware;
  snapshot(): ProxySnapshot;
  /** Closes connections that rest now, those in use when their answers have ended. */
  close(): Promise<void>;
}

export interface ProxySnapshot {
  readonly connections: number;
  readonly upstreams: readonly { readonly url: string; readonly active: number; readonly failures: number }[];
}

/**
 * Makes a reverse proxy (RFC 9110 §7.6). Nothing that was received of a head is sent on: each is written anew from what was
 * understood of it.
 * @throws TypeError for an upstream that is no http URL
 */
export function reverseProxy(context: ProgramContext, options: ProxyOptions): ReverseProxy {
  return new Forwarder(context, options);
}

interface Route extends ProxyRoute {
  readonly upstreams: Upstreams;
}

/** A request on its way. */
interface Passing {
  readonly request: Request;
  readonly info: RequestInfo;
  readonly route: Route;
  readonly normal: NormalPath;
  readonly body: WireBody | undefined;
  readonly maxForwards: number | undefined;
}

class Forwarder implements ReverseProxy {
  readonly #context: ProgramContext;
  readonly #options: ProxyOptions;
  readonly #routes: readonly Route[];
  readonly #pool: Pool<Origin, ClientConnection>;

  constructor(context: ProgramContext, options: ProxyOptions) {
    const { connectTimeout = seconds(5), rest = seconds(10), tls, limits, routes } = options;
    this.#context = context;
    this.#options = options;
    const dialer = new Dialer(context, { connectTimeout, tls, limits });
    this.#pool = new Pool(context.clock, (origin, signal) => dialer.dial(origin, signal), {
      ...PROXY_POOL,
      ...options.pool,
    });
    this.#routes = routes
      .map((route) => ({ ...route, upstreams: new Upstreams(route.to, route.balance ?? "round-robin", rest) }))
      .sort((a, b) => b.path.length - a.path.length);
    context.signal.addEventListener("abort", () => void this.close(), { once: true });
  }

  get handler(): Handler {
    return this.middleware(() => plain(404, "404 Not Found"));
  }

  get middleware(): Middleware {
    return (next) => (request, info) => this.#handle(request, info, next);
  }

  snapshot(): ProxySnapshot {
    const upstreams = this.#routes.flatMap(({ upstreams: { all } }) =>
      all.map(({ url, active, failures }) => ({ url: url.href, active, failures })),
    );
    return { connections: this.#pool.snapshot().connections, upstreams };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #handle(request: Request, info: RequestInfo, next: Handler): AnyResponse | Promise<AnyResponse> {
    const { method, target } = request;
    if (method === "CONNECT") return plain(501, "501 Not Implemented");
    if (target === "*") return new Response(null, { status: 204, headers: { Allow: ALLOWED } });
    const normal = normalPath(target);
    if (normal === undefined) return plain(400, "400 Bad Request: the path cannot be passed on");
    const route = this.#routes.find(({ path }) => isUnder(normal.path, path));
    if (route === undefined) return next(request, info);
    // What it would echo are credentials that were not meant for it (RFC 9110 §9.3.8).
    if (method === "TRACE") return plain(405, "405 Method Not Allowed", { Allow: ALLOWED });
    const maxForwards = method === "OPTIONS" ? maxForwardsOf(request) : undefined;
    if (maxForwards === 0) return new Response(null, { status: 204, headers: { Allow: ALLOWED } });
    if (this.#loops(request)) return plain(508, "508 Loop Detected");
    const body = bodyOf(request);
    const left = maxForwards === undefined ? undefined : maxForwards - 1;
    return this.#pass({ request, info, route, normal, body, maxForwards: left });
  }

  get #via(): string {
    return this.#options.via ?? "netarium";
  }

  #loops(request: Request): boolean {
    const via = request.headers.get("via") ?? "";
    return via.split(",").filter((each) => each.trim().split(/\s+/)[1] === this.#via).length >= LOOP_LIMIT;
  }

  /** Tries upstreams until one answers, or the request may not be sent again. */
  async #pass(passing: Passing): Promise<AnyResponse> {
    const { route, info } = passing;
    const { clock } = this.#context;
    const tried = new Set<Upstream>();
    for (;;) {
      const upstream = route.upstreams.pick(clock.now(), tried);
      if (upstream === undefined) return plain(502, "502 Bad Gateway");
      tried.add(upstream);
      upstream.active++;
      try {
        return await this.#ask(passing, upstream);
      } catch (error) {
        if (info.signal.aborted) return plain(502, "502 Bad Gateway"); // for nobody
        if (error instanceof StatusError) throw error; // the client's own part has failed
        this.#failed(passing, upstream, error);
        const mayAgain = isBeforeSending(error) || isReplayable(passing);
        if (!mayAgain || tried.size >= TRIES_LIMIT || tried.size === route.upstreams.all.length) return failure(error);
      }
    }
  }

  #failed({ request: { method, target }, route }: Passing, upstream: Upstream, error: unknown): void {
    if (!isOwnLack(error)) route.upstreams.failed(upstream, this.#context.clock.now());
    this.#log("upstream-failed", { method, target, upstream: upstream.name, why: reasonOf(error) });
  }

  #log(code: keyof typeof PROXY_MESSAGES, parameters: LogParameters): void {
    this.#context.log(code, parameters);
  }

  /** Asks one upstream; once more on a new connection, when the one that rested was being closed (RFC 9112 §9.3.1). */
  async #ask(passing: Passing, upstream: Upstream): Promise<AnyResponse> {
    const { info } = passing;
    let isOver = false;
    const over = (): void => {
      if (!isOver) upstream.active--;
      isOver = true;
    };
    for (let fresh = false; ; fresh = true) {
      let lease: Lease<ClientConnection>;
      try {
        lease = await this.#pool.acquire(upstream.origin, { fresh, signal: info.signal });
      } catch (error) {
        over();
        throw new Unsent(error);
      }
      try {
        const wire = await this.#exchange(passing, upstream, lease, over);
        return this.#answer(passing, upstream, wire, lease);
      } catch (error) {
        lease.release(undefined);
        const isSilent = lease.reused && lease.connection.heard === 0;
        if (!isSilent || !isReplayable(passing) || isTimeout(error) || info.signal.aborted) {
          over();
          throw error;
        }
      }
    }
  }

  #exchange(
    passing: Passing,
    upstream: Upstream,
    lease: Lease<ClientConnection>,
    over: () => void,
  ): Promise<WireResponse> {
    const { request, info, body, route } = passing;
    const headTimeout = route.headTimeout ?? this.#options.headTimeout ?? seconds(60);
    const idleTimeout = route.idleTimeout ?? this.#options.idleTimeout ?? seconds(60);
    const expects = body !== undefined && request.headers.get("expect")?.toLowerCase() === "100-continue";
    const fields = requestFields(request.headers.raw(), this.#facts(passing, upstream, expects));
    const wire = {
      method: request.method,
      head: encodeLatin1(formatRequestHead(request.method, targetOf(passing, upstream), fields)),
      body,
      expectContinue: expects ? CONTINUE_PATIENCE : undefined,
    };
    const onOver = (rest: Duration | undefined): void => {
      lease.release(rest);
      if (rest !== undefined || lease.connection.heard > 0) over();
    };
    const onHead = (head: MessageHead): void => this.#inform(info, head);
    return lease.connection.exchange(wire, { signal: info.signal, headTimeout, idleTimeout, onHead, onOver });
  }

  /** RFC 9110 §15.2: what comes before the answer is passed on; 100 is said when the body is asked for. */
  #inform(info: RequestInfo, { status, minor, fields }: MessageHead): void {
    if (status < 102 || status > 199) return;
    const facts = { minor, via: this.#via, length: undefined, location: (value: string) => value };
    info.inform?.(status, responseFields(fields, facts));
  }

  #facts(passing: Passing, { url }: Upstream, expectsContinue: boolean) {
    const { request, info, route, body, maxForwards } = passing;
    const askedHost = hostOf(request);
    return {
      host: route.host === "upstream" || askedHost === "" ? url.host : askedHost,
      askedHost,
      remote: info.remote.address,
      secure: info.tls !== undefined,
      minor: info.version === "HTTP/1.0" ? 0 : 1,
      via: this.#via,
      upgrade: upgradeOf(passing),
      bodyLength: body === undefined ? emptyLength(request.method) : body.length,
      expectsContinue,
      maxForwards,
    };
  }

  /** The upstream's answer as the client gets it. */
  #answer(passing: Passing, upstream: Upstream, wire: WireResponse, lease: Lease<ClientConnection>): AnyResponse {
    const { request, route } = passing;
    const { head } = wire;
    const { status, reason: statusText, framing, contentLength } = head;
    if (status === 101 && !listOf(upgradeOf(passing)).includes(head.fields.get("upgrade")?.toLowerCase() ?? "")) {
      throw new HttpError("HPE_STRICT", "head", "it leaves HTTP for what nobody asked for");
    }
    if (status > 599) throw new HttpError("HPE_INVALID_STATUS", "head", `it answers with the status ${status}`);
    if (head.codings.length > 0) {
      throw new HttpError(
        "HPE_INVALID_TRANSFER_ENCODING",
        "head",
        "it answers in a transfer coding that nobody asked for",
      );
    }
    if (upstream.failures > 0) this.#log("upstream-back", { upstream: upstream.name });
    route.upstreams.succeeded(upstream);
    const told =
      request.method === "HEAD" || status === 304 ? toldLength(head.fields.get("content-length")) : undefined;
    const fields = responseFields(head.fields, {
      minor: head.minor,
      via: this.#via,
      length: framing === "length" ? contentLength : told,
      location: (value) => locationFor(value, passing, upstream),
    });
    if (status === 101)
      return this.#upgrade(passing, upstream, Headers.over(fields), head.fields.get("upgrade") as string, lease);
    const isBodiless = request.method === "HEAD" || status === 204 || status === 205 || status === 304;
    const body = isBodiless ? null : this.#body(passing, upstream, wire);
    if (isBodiless && !(wire.body instanceof Uint8Array)) void wire.body.return();
    return new Response(body, { status, statusText, headers: Headers.over(fields) });
  }

  #body(passing: Passing, upstream: Upstream, wire: WireResponse): Uint8Array | BodyPieces {
    const { body } = wire;
    if (body instanceof Uint8Array && wire.trailers().size === 0) return body;
    const pieces = body instanceof Uint8Array ? of(body) : body;
    const { method, target } = passing.request;
    const next = () =>
      pieces.next().catch((error: unknown) => {
        this.#log("upstream-cut", { method, target, upstream: upstream.name, why: reasonOf(error) });
        throw error;
      });
    const iterator = { next, return: () => pieces.return() };
    return {
      get trailers() {
        return trailerFields(wire.trailers());
      },
      [Symbol.asyncIterator]: () => iterator,
    };
  }

  #upgrade(
    { info, request }: Passing,
    upstream: Upstream,
    headers: Headers,
    protocol: string,
    lease: Lease<ClientConnection>,
  ): Response {
    const { socket, head } = lease.connection.detach();
    const gone = (): void => void socket.close();
    info.signal.addEventListener("abort", gone, { once: true });
    upstream.active++;
    const { tunnelIdle = minutes(60) } = this.#options;
    const response = info.upgrade({ Upgrade: protocol }, async (client) => {
      info.signal.removeEventListener("abort", gone);
      try {
        await tunnel(client, socket, head, this.#context.clock, tunnelIdle);
      } finally {
        upstream.active--;
      }
    });
    for (const [name, value] of headers.raw()) response.headers.append(name, value);
    if (request.signal.aborted) gone();
    return response;
  }
}

/** Nothing of the request was sent: whatever it is, another upstream may be asked. */
class Unsent extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

const END = { done: true, value: undefined } as const;

/** A body that is all here. */
function of(bytes: Uint8Array): Pick<BodyReader, "next" | "return"> {
  let left: Uint8Array | undefined = bytes;
  const next = (): Promise<IteratorResult<Uint8Array, undefined>> => {
    const value = left;
    left = undefined;
    return Promise.resolve(value === undefined || value.length === 0 ? END : { done: false, value });
  };
  return { next, return: () => Promise.resolve(END) };
}

const isBeforeSending = (error: unknown): boolean => error instanceof Unsent;
/** What says nothing about the upstream: too many of ours wait for it. */
const isOwnLack = (error: unknown): boolean =>
  error instanceof Unsent && error.cause instanceof HttpError && error.cause.code === "ENOBUFS";

const isReplayable = ({ request, body }: Passing): boolean =>
  isIdempotent(request.method) && (body === undefined || body.content instanceof Uint8Array);

const causeOf = (error: unknown): unknown => (error instanceof Unsent ? error.cause : error);
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function isTimeout(error: unknown): boolean {
  const cause = causeOf(error);
  return (cause instanceof HttpError || cause instanceof SocketError) && cause.code === "ETIMEDOUT";
}

/** 502 where the upstream failed, 503 where we cannot ask it, 504 where it took too long (RFC 9110 §15.6). */
function failure(error: unknown): Response {
  if (isOwnLack(error)) return plain(503, "503 Service Unavailable", { "Retry-After": "1" });
  return isTimeout(error) ? plain(504, "504 Gateway Timeout") : plain(502, "502 Bad Gateway");
}

/** The body as it goes on: of the length that the client has told, else in chunks. */
function bodyOf(request: Request): WireBody | undefined {
  const content = takeContent(request);
  const body = outgoing(content, request.headers.get("content-length"));
  if (body === undefined || body.length !== undefined) return body;
  return { ...body, trailers: () => trailerFields(new Headers((body.content as BodyPieces).trailers).raw()) };
}

/** RFC 9110 §8.6: methods whose meaning asks for a body say that there is none. */
const emptyLength = (method: string): number | null =>
  method === "POST" || method === "PUT" || method === "PATCH" ? 0 : null;

/** The protocols that the client would change to and may (RFC 9110 §7.8). */
function upgradeOf({ request: { headers }, info, route, body }: Passing): string | undefined {
  if (body !== undefined || info.version === "HTTP/1.0") return undefined;
  if (!listOf(headers.get("connection")).includes("upgrade")) return undefined;
  const may = (route.upgrades ?? ["websocket"]).map((each) => each.toLowerCase());
  const asked = listOf(headers.get("upgrade")).filter((each) => may.includes(each));
  return asked.length === 0 ? undefined : asked.join(", ");
}

const listOf = (value: string | null | undefined): string[] =>
  (value ?? "").split(",").flatMap((each) => (each.trim() === "" ? [] : [each.trim().toLowerCase()]));

/** Whom the client asked for (RFC 9112 §3.2.2): in absolute-form Host does not count. */
function hostOf(request: Request): string {
  const { target, headers } = request;
  return target.startsWith("/") ? (headers.get("host") ?? "") : new URL(request.url).host;
}

function maxForwardsOf({ headers }: Request): number | undefined {
  const value = headers.get("max-forwards");
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

const toldLength = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;

/** The path as rules have seen it, below the upstream's own. */
function targetOf({ route, normal }: Passing, { url }: Upstream): string {
  const base = url.pathname.replace(/\/$/, "");
  const prefix = route.strip === true ? route.path.replace(/\/$/, "") : "";
  const path = normal.path.slice(prefix.length);
  return `${base}${path.startsWith("/") ? path : `/${path}`}${normal.query}`;
}

/** What leads to the upstream under its own name leads to us. */
function locationFor(value: string, { route }: Passing, { url }: Upstream): string {
  const parsed = URL.canParse(value, url) ? new URL(value, url) : undefined;
  const isAbsolute = /^[a-z][a-z0-9+.-]*:|^\/\//i.test(value);
  if (parsed === undefined || parsed.origin !== url.origin) return value;
  if (!isAbsolute && !value.startsWith("/")) return value;
  const base = url.pathname.replace(/\/$/, "");
  const prefix = route.strip === true ? route.path.replace(/\/$/, "") : "";
  if (!isUnder(parsed.pathname, base)) return value;
  return `${prefix}${parsed.pathname.slice(base.length)}${parsed.search}${parsed.hash}`;
}
