import { Body, type BodyInit, type Content, extract } from "./body.ts";
import { Headers, type HeadersInit } from "./headers.ts";

export interface ResponseInit {
  /** 200 to 599, or 101; 200 unless told. */
  readonly status?: number | undefined;
  /** The reason phrase (RFC 9112 §4): what is usual for the status, unless told. */
  readonly statusText?: string | undefined;
  readonly headers?: HeadersInit | undefined;
}

/** What a client knows of a response beside what was sent. */
export interface ResponseOrigin {
  readonly url: string;
  readonly redirected: boolean;
}

/** RFC 9112 §4. */
const REASON = /^[\t \x21-\x7e\x80-\xff]*$/;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The answer to a request, in the shape of the Fetch standard's Response, but made cheaply and without its guards. */
export class Response extends Body {
  readonly status: number;
  readonly statusText: string;
  readonly #init: HeadersInit | undefined;
  readonly #type: string | undefined;
  #headers: Headers | undefined = undefined;
  #origin: ResponseOrigin | undefined = undefined;

  /**
   * @throws RangeError for a status that no final response has (101 may be)
   * @throws TypeError for a body where the status has none, or a header or reason that cannot be sent
   */
  constructor(body?: BodyInit | null, init: ResponseInit = {}) {
    const { status = 200, statusText = "", headers } = init;
    if (!Number.isInteger(status) || ((status < 200 || status > 599) && status !== 101)) {
      throw new RangeError(`${status} is no status of a response`);
    }
    if (!REASON.test(statusText)) throw new TypeError("a reason phrase holds no ends of lines");
    const { content, type } = extract(body);
    if (content !== null && isNullBody(status)) throw new TypeError(`a response of status ${status} has no body`);
    super(content);
    this.status = status;
    this.statusText = statusText;
    this.#type = type;
    this.#init = headers;
    if (headers !== undefined) this.#headers = this.#makeHeaders();
  }

  /** A response whose body is JSON. */
  static json(data: unknown, init: ResponseInit = {}): Response {
    const text = JSON.stringify(data) as string | undefined;
    if (text === undefined) throw new TypeError("what is to be JSON has no JSON");
    const headers = new Headers(init.headers);
    if (!headers.has("content-type")) headers.set("Content-Type", "application/json");
    return new Response(text, { ...init, headers });
  }

  /**
   * @param url absolute, or a path: what it is relative to the client knows (RFC 9110 §10.2.2)
   * @param status 301, 302, 303, 307 or 308
   */
  static redirect(url: string | URL, status = 302): Response {
    if (!REDIRECTS.has(status)) throw new RangeError(`${status} is no status of a redirect`);
    return new Response(null, { status, headers: { Location: locationOf(url) } });
  }

  /** A response that came from somewhere: what a client gives. */
  static from(origin: ResponseOrigin, body: Content, init: ResponseInit): Response {
    const response = new Response(body, init);
    response.#origin = origin;
    return response;
  }

  get headers(): Headers {
    this.#headers ??= this.#makeHeaders();
    return this.#headers;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  /** Where it came from, after redirects; empty for one that was made here. */
  get url(): string {
    return this.#origin?.url ?? "";
  }

  get redirected(): boolean {
    return this.#origin?.redirected ?? false;
  }

  get type(): "default" {
    return "default";
  }

  clone(): Response {
    const { status, statusText, headers } = this;
    const copy = new Response(this.split(), { status, statusText, headers });
    copy.#origin = this.#origin;
    return copy;
  }

  protected override contentType(): string {
    return this.headers.get("content-type") ?? "";
  }

  #makeHeaders(): Headers {
    const headers = new Headers(this.#init);
    if (this.#type !== undefined && !headers.has("content-type")) headers.append("Content-Type", this.#type);
    return headers;
  }
}

function locationOf(url: string | URL): string {
  if (typeof url !== "string" || !/^\/(?!\/)/.test(url)) return new URL(url).href;
  const { pathname, search, hash } = new URL(url, "http://localhost");
  return pathname + search + hash;
}

/** Responses that end with their head (RFC 9110 §6.4.1). */
function isNullBody(status: number): boolean {
  return status === 204 || status === 304 || status === 205 || status === 101;
}
