import { Body, type BodyInit, type Content, extract, takeContent } from "./body.ts";
import { Headers, type HeadersInit } from "./headers.ts";
import { isToken } from "./message/octets.ts";
import { StatusError } from "./status-error.ts";

export type RedirectMode = "follow" | "manual" | "error";

export interface RequestInit {
  /** GET unless told. Any method may have a body. */
  readonly method?: string | undefined;
  readonly headers?: HeadersInit | undefined;
  readonly body?: BodyInit | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
  /** What a client does with a redirect: it follows, unless told. */
  readonly redirect?: RedirectMode | undefined;
}

/** A request as it came over a connection: what a {@link Request} is made from without any work. */
export interface Incoming {
  readonly method: string;
  /** The request-target as sent (RFC 9112 §3.2). */
  readonly target: string;
  readonly content: Content;
  readonly signal: AbortSignal;
  /** The target URI (RFC 9110 §7.1), as a URL parser takes it. */
  targetUri(): string;
  makeHeaders(): Headers;
}

/** Says to the constructor that it is given what came over a connection: to ask for its class would cost more. */
const CAME: RequestInit = {};

/** Methods that the Fetch standard writes in capitals, however they were given. */
const NORMAL: ReadonlySet<string> = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);

/**
 * A request, in the shape of the Fetch standard's Request but without its guards: any method and any header may be, CONNECT and
 * Cookie too. A server makes one for each request, so all that costs is made when it is asked for: the URL, the headers, the
 * body's stream.
 */
export class Request extends Body {
  readonly method: string;
  readonly redirect: RedirectMode = "follow";
  readonly #incoming: Incoming | undefined;
  #url: string | undefined = undefined;
  #headers: Headers | undefined = undefined;
  #signal: AbortSignal | undefined = undefined;

  /** @throws TypeError for a URL that is none, has a user in it, or a method or header that cannot be sent */
  constructor(input: string | URL | Request | Incoming, init: RequestInit = NO_INIT) {
    if (init === CAME) {
      const incoming = input as Incoming;
      super(incoming.content);
      this.method = incoming.method;
      this.#incoming = incoming;
      return;
    }
    const from = input instanceof Request ? input : undefined;
    const { content, type } = extract(init.body);
    super(content !== null || from === undefined ? content : takeContent(from));
    this.method = methodOf(init.method, from?.method ?? "GET");
    this.redirect = init.redirect ?? from?.redirect ?? "follow";
    this.#incoming = undefined;
    this.#url = from === undefined ? urlOf(input as string | URL) : from.url;
    this.#headers = new Headers(init.headers ?? from?.headers);
    if (type !== undefined && !this.#headers.has("content-type")) this.#headers.append("Content-Type", type);
    this.#signal = (init.signal === undefined ? from?.signal : init.signal) ?? undefined;
  }

  /** A request that came over a connection: what a server gives its handler. */
  static incoming(incoming: Incoming): Request {
    return new Request(incoming, CAME);
  }

  /**
   * The target URI (RFC 9110 §7.1), as a URL parser writes it.
   * @throws StatusError 400 when what came is no URL: the host may be none
   */
  get url(): string {
    this.#url ??= urlOfIncoming((this.#incoming as Incoming).targetUri());
    return this.#url;
  }

  /**
   * The request-target as it was sent: `/path?query`, or what a proxy is asked for, `*` or an authority (RFC 9112 §3.2). Of a
   * request that was made here, path and query of its URL.
   */
  get target(): string {
    if (this.#incoming !== undefined) return this.#incoming.target;
    const { pathname, search } = new URL(this.url);
    return pathname + search;
  }

  get headers(): Headers {
    this.#headers ??= (this.#incoming as Incoming).makeHeaders();
    return this.#headers;
  }

  /** Aborts when the request was given up: on a server, when its client has gone. */
  get signal(): AbortSignal {
    this.#signal ??= this.#incoming?.signal ?? new AbortController().signal;
    return this.#signal;
  }

  /** As the Fetch standard has it: with it a platform's Request can be made with this one as what it is like, its body too. */
  get duplex(): "half" {
    return "half";
  }

  clone(): Request {
    const body = this.split();
    return new Request(this.url, { ...this.#facts(), body });
  }

  protected override contentType(): string {
    return this.headers.get("content-type") ?? "";
  }

  #facts(): RequestInit {
    const { method, headers, redirect, signal } = this;
    return { method, headers, redirect, signal };
  }
}

const NO_INIT: RequestInit = {};

function methodOf(given: string | undefined, otherwise: string): string {
  if (given === undefined) return otherwise;
  if (!isToken(given)) throw new TypeError(`${JSON.stringify(given)} is no method`);
  const capitals = given.toUpperCase();
  return NORMAL.has(capitals) ? capitals : given;
}

function urlOfIncoming(uri: string): string {
  try {
    return new URL(uri).href;
  } catch {
    throw new StatusError(400, "the request target is no URL");
  }
}

function urlOf(input: string | URL): string {
  const url = new URL(input);
  if (url.username !== "" || url.password !== "")
    throw new TypeError("a request's URL has no user in it: send a header");
  return url.href;
}
