import { encodeLatin1 } from "../../../base/latin1.ts";
import { seconds } from "../../../time/instant.ts";
import { type Attempted, attempt } from "../client/attempt.ts";
import type { ClientConnection } from "../client/connection.ts";
import type { Cookie } from "../client/cookie-jar.ts";
import type { Origin } from "../client/origin.ts";
import { formatBasicCredentials, isIdempotent } from "../client/outgoing.ts";
import type { Lease } from "../client/pool.ts";
import { Answer, codingsOf } from "./answer.ts";
import { CurlError, CurlExit } from "./curl-error.ts";
import { type CurlUrl, formatUrl, parseCurlUrl, portOf, remoteName, resolveLocation } from "./curl-url.ts";
import { dataOf, urlencoded } from "./data.ts";
import { explain } from "./explain.ts";
import { formatHead } from "./head.ts";
import { Output } from "./output.ts";
import { proxyFor } from "./proxy.ts";
import type { Session } from "./session.ts";
import { Timing } from "./timing.ts";
import { type Upload, uploadOf } from "./upload.ts";
import type { TransferFacts } from "./write-out.ts";

/** One URL to fetch, and where its body goes. */
export interface TransferOrder {
  readonly url: string;
  readonly number: number;
  /** Undefined for standard output. */
  readonly path: string | undefined;
  /** Whether the file is named by the URL: `-O`. */
  readonly remoteName: boolean;
  readonly upload: string | undefined;
}

export interface TransferResult {
  /** Undefined when it went well. */
  readonly error: CurlError | undefined;
  readonly facts: TransferFacts;
  /** Seconds that the server wants to be left alone for, where it says. */
  readonly retryAfter: number | undefined;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Fetches one URL, with all its redirects. It does not throw: what goes wrong is in the result. */
export async function transfer(session: Session, order: TransferOrder): Promise<TransferResult> {
  return new Transfer(session, order).run();
}

class Transfer {
  readonly #session: Session;
  readonly #order: TransferOrder;
  readonly #control = new AbortController();
  readonly #timing: Timing;
  readonly #output: Output;
  readonly #answer: Answer;
  #url: CurlUrl | undefined;
  /** Where it began: who else is asked later is not told the same. */
  #first: CurlUrl | undefined;
  #upload: Upload | undefined;
  #method = "GET";
  #redirects = 0;
  #redirectUrl = "";
  #sizeRequest = 0;
  #sizeUpload = 0;
  #connects = 0;
  #heard = (): number => 0;
  #ends = { localIp: "", localPort: 0, remoteIp: "", remotePort: 0 };

  constructor(session: Session, order: TransferOrder) {
    const { createDirs, noClobber } = session.config;
    this.#session = session;
    this.#order = order;
    this.#timing = new Timing(session.context.clock);
    this.#output = new Output(session.io, order.path, { makeFolders: createDirs, noClobber });
    this.#answer = new Answer(session, this.#output);
  }

  async run(): Promise<TransferResult> {
    const { config, context, trace } = this.#session;
    const patience = this.#session.deadline;
    const cancel = patience === undefined ? () => {} : context.clock.after(patience, () => this.#late());
    let error: CurlError | undefined;
    try {
      await this.#perform();
    } catch (thrown) {
      error = this.#explain(thrown);
      await this.#answer.flushHeads().catch(() => {});
    } finally {
      cancel();
    }
    try {
      if (error !== undefined && config.removeOnError) await this.#output.remove();
      await this.#output.close(error === undefined);
    } catch (thrown) {
      error ??= this.#explain(thrown);
    }
    if (error === undefined) trace.note(`Connection #0 to host ${this.#url?.host} left intact`);
    else trace.note(error.message);
    return { error, facts: this.#facts(error), retryAfter: this.#retryAfter() };
  }

  async #perform(): Promise<void> {
    const { config, io, context } = this.#session;
    await this.#prepareUrl();
    this.#upload = await uploadOf(config, this.#order.upload, io, context.random);
    this.#method = this.#firstMethod();
    let signal = AbortSignal.any([context.signal, this.#control.signal]);
    for (let expects = true; ; ) {
      const { response } = await this.#ask(signal, expects);
      const { status, fields } = response.head;
      if (this.#heldBack(expects) && status === 417) {
        await this.#ignore(response);
        expects = false;
        continue;
      }
      if (status >= 400 && config.fail) {
        if (!(response.body instanceof Uint8Array)) await response.body.return();
        throw new CurlError(CurlExit.HTTP_RETURNED_ERROR, `The requested URL returned error: ${status}`);
      }
      const location = status >= 300 && status < 400 ? fields.get("location") : undefined;
      if (location !== undefined && config.location) {
        await this.#ignore(response);
        this.#follow(status, location);
        signal = AbortSignal.any([context.signal, this.#control.signal]);
        continue;
      }
      if (location !== undefined) this.#redirectUrl = this.#tellRedirect(location);
      this.#nameByAnswer(fields.get("content-disposition"));
      await this.#answer.takeBody(response);
      if (status >= 400 && config.failWithBody) {
        throw new CurlError(CurlExit.HTTP_RETURNED_ERROR, `The requested URL returned error: ${status}`);
      }
      return;
    }
  }

  /** The URL with what other options put into it. */
  async #prepareUrl(): Promise<void> {
    const { config, io } = this.#session;
    let url = parseCurlUrl(this.#order.url, config.pathAsIs);
    this.#url = url;
    const { upload } = this.#order;
    if (upload !== undefined && upload !== "-" && upload !== "." && url.path.endsWith("/")) {
      url = { ...url, path: url.path + encodeURIComponent(upload.slice(upload.lastIndexOf("/") + 1)) };
    }
    const queries: string[] = [];
    if (config.get && config.data.length > 0) queries.push(decoder.decode(await dataOf(config.data, io)));
    for (const text of config.urlQuery) {
      queries.push(text.startsWith("+") ? text.slice(1) : await urlencoded(text, io));
    }
    if (queries.length > 0) url = { ...url, query: [url.query || "?", ...queries].join("&").replace(/^\?&/, "?") };
    this.#url = url;
    this.#first = url;
    if (this.#order.remoteName) {
      const name = remoteName(url);
      if (name === "") throw new CurlError(CurlExit.WRITE_ERROR, "Remote file name has no length!");
      this.#output.rename((this.#order.path ?? "") + name);
    }
  }

  #firstMethod(): string {
    const { head, method } = this.#session.config;
    if (method !== undefined) return method;
    if (head) return "HEAD";
    return this.#upload === undefined ? "GET" : this.#upload.kind === "post" ? "POST" : "PUT";
  }

  /** Sends one request, and has its answer's heads written. */
  async #ask(signal: AbortSignal, expects: boolean): Promise<Attempted> {
    const { config, pool } = this.#session;
    const url = this.#current;
    const origin = this.#origin(url);
    const text = this.#head(url, origin, expects);
    const head = encodeUtf8(text);
    const held = this.#heldBack(expects) ? seconds(config.expectTimeout) : undefined;
    const wire = { method: config.head ? "HEAD" : "GET", head, body: this.#upload?.body(), expectContinue: held };
    this.#session.onTunnelHead = (answer, bytes) => {
      this.#answer.connectStatus = answer.status;
      this.#answer.takeHead(answer, bytes);
    };
    this.#session.onConnect = () => this.#timing.mark("connect");
    this.#timing.mark("namelookup");
    const attempted = await attempt(pool, origin, wire, {
      again: isIdempotent(this.#method) && this.#upload === undefined,
      signal,
      onLease: (lease) => this.#begun(lease, text, head.length),
      onHead: (answer, bytes) => {
        this.#timing.mark("starttransfer");
        this.#answer.takeHead(answer, bytes);
      },
    });
    this.#sizeUpload = this.#upload?.length ?? 0;
    await this.#answer.flushHeads();
    this.#keepCookies(url, attempted);
    return attempted;
  }

  #begun({ connection, reused }: Lease<ClientConnection>, head: string, length: number): void {
    const { trace } = this.#session;
    this.#timing.mark("pretransfer");
    this.#heard = () => connection.heard;
    this.#sizeRequest += length;
    if (!reused) this.#connects++;
    if (this.#current.scheme === "https") this.#timing.mark("appconnect");
    const [local, remote] = [connection.socket.getsockname(), connection.socket.getpeername()];
    this.#ends = { localIp: local.address, localPort: local.port, remoteIp: remote.address, remotePort: remote.port };
    const verb = reused ? "Re-using existing connection with" : "Connected to";
    trace.note(`${verb} ${this.#current.host} (${remote.address}) port ${remote.port}`);
    trace.sent(head);
  }

  #head(url: CurlUrl, origin: Origin, expects: boolean): string {
    const { config, userAgent } = this.#session;
    const upload = this.#upload;
    const trusted = config.locationTrusted || isSameHost(url, this.#first);
    const headers = trusted
      ? config.headers
      : config.headers.filter((line) => !/^(authorization|cookie)[:;]/i.test(line));
    const isJson = config.data.some(({ kind }) => kind === "json");
    const json = isJson ? ["Content-Type: application/json", "Accept: application/json"] : [];
    const kept = config.form.length > 0 ? headers.filter((line) => !/^content-type:/i.test(line)) : headers;
    const own = [...kept, ...json.filter((line) => !hasName(headers, line.slice(0, line.indexOf(":"))))];
    const bodyFields = upload?.bodyFields ?? [];
    const { range: bytes } = config;
    return formatHead({
      method: this.#method,
      url,
      target: config.requestTarget,
      absolute: origin.proxy !== undefined && !origin.tunnel,
      http10: config.http10,
      proxyAuthorization: origin.tunnel ? undefined : origin.proxy?.authorization,
      authorization: this.#authorization(url, trusted),
      range: bytes !== undefined && upload === undefined ? `bytes=${bytes}` : undefined,
      contentRange: bytes !== undefined && upload !== undefined ? `bytes ${bytes}/${upload.length}` : undefined,
      userAgent,
      acceptEncoding: config.compressed ? codingsOf(this.#session).join(", ") : undefined,
      referer: config.referer?.replace(/;auto$/, "") || undefined,
      chunked: upload !== undefined && upload.length === undefined && !hasName(headers, "transfer-encoding"),
      cookies: this.#cookies(url, trusted),
      timeCondition: timeCondition(config.timeCond),
      headers: own,
      bodyFields: expects ? bodyFields : bodyFields.filter((line) => !line.startsWith("Expect:")),
    });
  }

  #authorization(url: CurlUrl, trusted: boolean): string | undefined {
    const { user, bearer } = this.#session.config;
    if (!trusted && url.user === undefined) return undefined;
    if (bearer !== undefined) return `Bearer ${bearer}`;
    if (url.user !== undefined) return formatBasicCredentials(url.user, url.password ?? "");
    if (user === undefined) return undefined;
    const colon = user.indexOf(":");
    return colon < 0
      ? formatBasicCredentials(user, "")
      : formatBasicCredentials(user.slice(0, colon), user.slice(colon + 1));
  }

  /** Those of the jar, and those of the command line for the host that it names. */
  #cookies(url: CurlUrl, trusted: boolean): string {
    const { config, jar } = this.#session;
    const kept = inCurlsOrder(jar?.cookiesFor(cookieUrl(url)) ?? []).map(({ name, value }) => `${name}=${value}`);
    const given = trusted ? config.cookies.filter((text) => text.includes("=")).join(";") : "";
    return [...kept, given].filter((text) => text !== "").join("; ");
  }

  #keepCookies(url: CurlUrl, { response }: Attempted): void {
    for (const value of response.head.fields.getAll("set-cookie")) {
      const refused = this.#session.jar?.store(value, cookieUrl(url));
      if (refused !== undefined) this.#session.trace.note(`cookie '${value.split("=")[0]}' dropped: ${refused}`);
    }
  }

  #origin(url: CurlUrl): Origin {
    const { config } = this.#session;
    const secure = url.scheme === "https";
    const proxy = proxyFor(url.host, config);
    const tunnel = proxy !== undefined && (secure || config.proxyTunnel);
    const port = portOf(url);
    const via = proxy === undefined ? "" : ` by ${proxy.hostname}:${proxy.port}${tunnel ? "" : " shared"}`;
    const key = proxy !== undefined && !tunnel ? via : `${url.scheme}://${url.host.toLowerCase()}:${port}${via}`;
    return { key, secure, hostname: url.host, port, proxy, tunnel };
  }

  /** Whether the body waits for 100 (Continue). */
  #heldBack(expects: boolean): boolean {
    const { headers } = this.#session.config;
    if (this.#upload === undefined || !expects) return false;
    return (
      headers.some((line) => /^expect:\s*100-continue/i.test(line)) ||
      (this.#upload.expects && !hasName(headers, "expect"))
    );
  }

  /** Reads a body that nobody is to see. */
  async #ignore({ body }: Attempted["response"]): Promise<void> {
    if (!(body instanceof Uint8Array)) for await (const _ of body);
  }

  /** RFC 9110 §15.4, and what curl makes of it. */
  #follow(status: number, location: string): void {
    const { config } = this.#session;
    if (config.maxRedirs >= 0 && this.#redirects >= config.maxRedirs) {
      throw new CurlError(CurlExit.TOO_MANY_REDIRECTS, `Maximum (${config.maxRedirs}) redirects followed`);
    }
    this.#url = resolveLocation(this.#current, location, config.pathAsIs);
    this.#redirects++;
    this.#timing.redirected();
    const kept =
      (status === 301 && config.post301) || (status === 302 && config.post302) || (status === 303 && config.post303);
    const isPost = this.#upload?.kind === "post";
    const dropped = status === 303 ? !(isPost && kept) : (status === 301 || status === 302) && isPost && !kept;
    if (!dropped) {
      if (this.#upload?.kind !== "put" || this.#upload.length !== undefined) return;
      throw new CurlError(CurlExit.SEND_FAIL_REWIND, "necessary data rewind wasn't possible");
    }
    this.#upload = undefined;
    this.#method = config.method ?? (config.head ? "HEAD" : "GET");
  }

  #tellRedirect(location: string): string {
    try {
      return formatUrl(resolveLocation(this.#current, location, this.#session.config.pathAsIs));
    } catch {
      return location;
    }
  }

  /** `-J`: the name that the server gives, without its folders. */
  #nameByAnswer(disposition: string | undefined): void {
    const { config } = this.#session;
    if (!config.remoteHeaderName || !this.#order.remoteName || disposition === undefined) return;
    const [, quoted, plain] = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition) ?? [];
    const name = (quoted ?? plain ?? "").replace(/^.*[/\\]/s, "");
    if (name !== "" && name !== "." && name !== "..") this.#output.rename((this.#order.path ?? "") + name);
  }

  get #current(): CurlUrl {
    if (this.#url === undefined) throw new CurlError(CurlExit.URL_MALFORMAT, "No URL set");
    return this.#url;
  }

  #late(): void {
    const { head, sizeDownload } = this.#answer;
    const whole = head?.framing === "length" ? ` out of ${head.contentLength}` : "";
    const what = `Operation timed out after ${this.#timing.milliseconds} milliseconds with ${sizeDownload}${whole} bytes received`;
    this.#control.abort(new CurlError(CurlExit.OPERATION_TIMEDOUT, what));
  }

  #explain(error: unknown): CurlError {
    const url = this.#url;
    return explain(error, {
      proxied: this.#session.config.proxy !== undefined,
      host: url?.host ?? "",
      port: url === undefined ? 0 : portOf(url),
      elapsed: this.#timing.milliseconds,
      heard: this.#heard(),
      remaining: this.#answer.remaining,
    });
  }

  #retryAfter(): number | undefined {
    const text = this.#answer.head?.fields.get("retry-after");
    return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
  }

  #facts(error: CurlError | undefined): TransferFacts {
    const { head, sizeHeader, sizeDownload, connectStatus } = this.#answer;
    return {
      ...this.#ends,
      contentType: head?.fields.get("content-type") ?? "",
      errorMessage: error?.message ?? "",
      exitCode: error?.exit ?? 0,
      fileName: this.#output.path ?? "",
      status: head?.status ?? 0,
      connectStatus,
      httpVersion: head === undefined ? "0" : `1.${head.minor}`,
      method: this.#method,
      connects: this.#connects,
      headers: [...(head?.fields ?? [])],
      redirects: this.#redirects,
      redirectUrl: this.#redirectUrl,
      referer: this.#session.config.referer?.replace(/;auto$/, "") ?? "",
      scheme: (this.#url?.scheme ?? "").toUpperCase(),
      sizeDownload,
      sizeHeader,
      sizeRequest: this.#sizeRequest,
      sizeUpload: this.#sizeUpload,
      times: this.#timing.times(),
      url: this.#order.url,
      effectiveUrl: this.#url === undefined ? this.#order.url : formatUrl(this.#url),
      urlNumber: this.#order.number,
      verifyResult: 0,
    };
  }
}

/** Longer paths first, as everywhere, then longer domains and longer names. */
const inCurlsOrder = (cookies: readonly Cookie[]): Cookie[] =>
  cookies.toSorted(
    (a, b) => b.path.length - a.path.length || b.domain.length - a.domain.length || b.name.length - a.name.length,
  );

const hasName = (headers: readonly string[], name: string): boolean =>
  headers.some((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));

function isSameHost(url: CurlUrl, first: CurlUrl | undefined): boolean {
  if (first === undefined) return true;
  const same = url.host.toLowerCase() === first.host.toLowerCase() && url.scheme === first.scheme;
  return same && portOf(url) === portOf(first);
}

const cookieUrl = ({ scheme, host, path }: CurlUrl): { protocol: string; hostname: string; pathname: string } => ({
  protocol: `${scheme}:`,
  hostname: host,
  pathname: path,
});

/** A head is text; what of it is not ASCII goes out as UTF-8. */
function encodeUtf8(text: string): Uint8Array {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII, all of it
  return /^[\x00-\x7f]*$/.test(text) ? encodeLatin1(text) : encoder.encode(text);
}

/** `-z DATE`, or `-z -DATE` for the other way round. */
function timeCondition(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const unmodified = text.startsWith("-");
  const date = new Date(text.replace(/^[-+]/, ""));
  if (Number.isNaN(date.getTime())) return undefined;
  return `If-${unmodified ? "Unmodified" : "Modified"}-Since: ${date.toUTCString()}`;
}
