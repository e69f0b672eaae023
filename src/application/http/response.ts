import { Body, type BodyInit, type Content, extract, TEXT_TYPE } from "./body.ts";
import { fieldsOf, Headers, type HeadersInit, makeFields } from "./headers.ts";
import type { Fields } from "./message/fields.ts";

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

/** The fields of a response as they stand; not to be changed. Costs no Headers. */
export let responseFields: (response: Response) => Fields;

/** The answer to a request, in the shape of the Fetch standard's Response, but made cheaply and without its guards. */
export class Response extends Body {
  readonly status: number;
  readonly statusText: string;
  /** What was given, and the Content-Type of the body; Headers are made over it when somebody asks. */
  readonly #fields: Fields;
  #headers: Headers | undefined = undefined;
  #origin: ResponseOrigin | undefined = undefined;

  static {
    responseFields = (response) => (response.#headers === undefined ? response.#fields : fieldsOf(response.#headers));
  }

  /**
   * @throws RangeError for a status that no final response has (101 may be)
   * @throws TypeError for a body where the status has none, or a header or reason that cannot be sent
   */
  constructor(body?: BodyInit | null, init: ResponseInit = NO_INIT) {
    const { status = 200, statusText = "" } = init;
    if (status !== 200 && !isStatus(status)) throw new RangeError(`${status} is no status of a response`);
    if (statusText !== "" && !REASON.test(statusText)) throw new TypeError("a reason phrase holds no ends of lines");
    let content: Content;
    let type: string | undefined;
    if (typeof body === "string") {
      content = body;
      type = TEXT_TYPE;
    } else ({ content, type } = extract(body));
    if (content !== null && isNullBody(status)) throw new TypeError(`a response of status ${status} has no body`);
    super(content);
    this.status = status;
    this.statusText = statusText;
    this.#fields = makeFields(init.headers);
    if (type !== undefined && !this.#fields.has("content-type")) this.#fields.append("Content-Type", type);
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
    this.#headers ??= new Headers(this.#fields);
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
}

const NO_INIT: ResponseInit = {};

const isStatus = (status: number): boolean =>
  Number.isInteger(status) && ((status >= 200 && status <= 599) || status === 101);

function locationOf(url: string | URL): string {
  if (typeof url !== "string" || !/^\/(?!\/)/.test(url)) return new URL(url).href;
  const { pathname, search, hash } = new URL(url, "http://localhost");
  return pathname + search + hash;
}

/** Responses that end with their head (RFC 9110 §6.4.1). */
function isNullBody(status: number): boolean {
  return status === 204 || status === 304 || status === 205 || status === 101;
}
