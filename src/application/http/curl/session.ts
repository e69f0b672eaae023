import type { Socket } from "../../../socket/socket.ts";
import { type Duration, seconds } from "../../../time/instant.ts";
import type { ProgramContext } from "../../program.ts";
import type { ClientConnection } from "../client/connection.ts";
import { CookieJar } from "../client/cookie-jar.ts";
import { type ClientTls, Dialer, type Route } from "../client/dial.ts";
import type { Origin } from "../client/origin.ts";
import { Pool } from "../client/pool.ts";
import type { MessageHead } from "../message/head.ts";
import type { CurlConfig } from "./config.ts";
import { parseCookieFile } from "./cookie-file.ts";
import { CurlError, CurlExit } from "./curl-error.ts";
import { formatConnectHead } from "./head.ts";
import { type CurlFile, type CurlIo, readAll } from "./io.ts";
import { Trace } from "./trace.ts";

/** What curl is given beside a program's context and its files. */
export interface CurlSettings {
  /** What User-Agent says: `"netarium/0.1.0"`. */
  readonly userAgent: string;
  readonly isPublicSuffix?: ((domain: string) => boolean) | undefined;
}

/** As long as curl waits for a connection where nobody says. */
const CONNECT_TIMEOUT = 300;
const decoder = new TextDecoder();

/** What the transfers of one command share until `--next`: connections, cookies, the trace. */
export class Session {
  readonly context: ProgramContext;
  readonly io: CurlIo;
  readonly config: CurlConfig;
  readonly settings: CurlSettings;
  readonly trace: Trace;
  readonly pool: Pool<Origin, ClientConnection>;
  /** Undefined while nobody has asked for cookies to be kept. */
  readonly jar: CookieJar | undefined;
  /** Told the heads that a proxy answers requests for tunnels with; set by the transfer that runs. */
  onTunnelHead: (head: MessageHead, bytes: Uint8Array) => void = () => {};
  onConnect: (socket: Socket) => void = () => {};

  #dump: CurlFile | undefined;

  private constructor(
    context: ProgramContext,
    io: CurlIo,
    config: CurlConfig,
    settings: CurlSettings,
    jar: CookieJar | undefined,
    tls: ClientTls,
  ) {
    this.context = context;
    this.io = io;
    this.config = config;
    this.settings = settings;
    this.trace = new Trace(config.verbose, (text) => io.stderr(text));
    this.jar = jar;
    const { connectTimeout = CONNECT_TIMEOUT } = config;
    const dialer = new Dialer(context, {
      connectTimeout: seconds(connectTimeout === 0 ? CONNECT_TIMEOUT : connectTimeout),
      tls,
      route: (hostname, port) => this.#route(hostname, port),
      connectHead: (authority, origin) => this.#connectHead(authority, origin),
      onTunnelHead: (head, bytes) => this.onTunnelHead(head, bytes),
      onConnect: (socket) => this.onConnect(socket),
    });
    const limits = { perOrigin: 5, idle: seconds(118) };
    this.pool = new Pool(context.clock, (origin, signal) => dialer.dial(origin, signal), limits);
  }

  /** @throws CurlError 77 and 58 when a certificate cannot be read */
  static async open(
    context: ProgramContext,
    io: CurlIo,
    config: CurlConfig,
    settings: CurlSettings,
    jar: CookieJar | undefined,
  ): Promise<Session> {
    await readHeaders(config.headers, io);
    const own = jar ?? (wantsJar(config) ? new CookieJar({ ...context, ...settings }) : undefined);
    if (own !== undefined) await fillJar(own, config, io);
    return new Session(context, io, config, settings, own, await tlsOf(config, io));
  }

  /** Writes a head where `-D` says; the first makes the file. */
  async dumpHeader(bytes: Uint8Array): Promise<void> {
    const { dumpHeader: path } = this.config;
    if (path === undefined) return;
    if (path === "-") {
      await this.io.stdout(bytes);
      return;
    }
    this.#dump ??= await this.io.files.create(path, { makeFolders: this.config.createDirs }).catch(() => {
      throw new CurlError(CurlExit.WRITE_ERROR, "Failed writing received data to disk/application");
    });
    await this.#dump.write(bytes);
  }

  async close(): Promise<void> {
    await this.pool.close();
    await this.#dump?.close();
  }

  get userAgent(): string | undefined {
    const { userAgent = this.settings.userAgent } = this.config;
    return userAgent === "" ? undefined : userAgent;
  }

  get deadline(): Duration | undefined {
    const { maxTime } = this.config;
    return maxTime === undefined || maxTime === 0 ? undefined : seconds(maxTime);
  }

  /** `--connect-to` and `--resolve`. The last that fits counts. */
  #route(hostname: string, port: number): Route | undefined {
    let to: Route = { hostname, port };
    for (const text of this.config.connectTo) {
      const [, host = "", from = "", newHost = "", newPort = ""] = /^([^:]*):(\d*):([^:]*):(\d*)$/.exec(text) ?? [];
      if ((host !== "" && host.toLowerCase() !== hostname.toLowerCase()) || (from !== "" && Number(from) !== port))
        continue;
      to = { hostname: newHost || hostname, port: newPort === "" ? port : Number(newPort) };
      break;
    }
    for (const text of [...this.config.resolve].reverse()) {
      const [, host = "", at = "", addresses = ""] = /^[+]?([^:]+):(\d+):(.+)$/.exec(text) ?? [];
      const fits = host === "*" || host.toLowerCase() === to.hostname.toLowerCase();
      if (fits && Number(at) === to.port) return { ...to, addresses: addresses.split(",") };
    }
    return to;
  }

  #connectHead(authority: string, { proxy }: Origin): Uint8Array {
    const head = formatConnectHead(
      authority,
      { http10: this.config.http10, userAgent: this.userAgent, proxyAuthorization: proxy?.authorization },
      this.config.proxyHeaders,
    );
    this.trace.sent(head);
    return new TextEncoder().encode(head);
  }
}

/** `-H @file` is a header for each of its lines. */
async function readHeaders(headers: string[], io: CurlIo): Promise<void> {
  for (const [index, text] of [...headers.entries()].reverse()) {
    if (!text.startsWith("@")) continue;
    const lines = await readAll(io, text.slice(1)).then(
      (bytes) => decoder.decode(bytes).split(/\r?\n/),
      () => [],
    );
    headers.splice(index, 1, ...lines.filter((line) => line !== ""));
  }
}

const wantsJar = ({ cookies, cookieJar }: CurlConfig): boolean =>
  cookieJar !== undefined || cookies.some((text) => !text.includes("="));

/** A file that is not there is no error: then there are no cookies yet. */
async function fillJar(jar: CookieJar, { cookies, junkSessionCookies }: CurlConfig, io: CurlIo): Promise<void> {
  for (const path of cookies.filter((text) => text !== "" && !text.includes("="))) {
    try {
      const text = decoder.decode(await readAll(io, path));
      for (const cookie of parseCookieFile(text, !junkSessionCookies)) jar.add(cookie);
    } catch {
      // as curl does
    }
  }
}

async function tlsOf(config: CurlConfig, io: CurlIo): Promise<ClientTls> {
  const { insecure, cacert, cert, key, tlsMinimum: minimum, tlsMaximum: maximum, alpn } = config;
  const authorities = cacert === undefined ? undefined : [await pem(io, cacert, CurlExit.SSL_CACERT_BADFILE)];
  const shared = { insecure, minimum, maximum, authorities, ...(alpn ? {} : { alpn: [] }) };
  if (cert === undefined) return shared;
  const certificate = await pem(io, cert, CurlExit.SSL_CERTPROBLEM);
  const own = key === undefined ? certificate : await pem(io, key, CurlExit.SSL_CERTPROBLEM);
  return { ...shared, identity: { certificate, key: own } };
}

async function pem(io: CurlIo, path: string, exit: 58 | 77): Promise<string> {
  try {
    return decoder.decode(await readAll(io, path));
  } catch {
    throw new CurlError(exit, `error setting certificate file: ${path}`);
  }
}
