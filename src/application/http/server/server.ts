import type { SocketAddress } from "../../../address/endpoint.ts";
import type { Errno } from "../../../base/errno.ts";
import { type Socket, SocketError } from "../../../socket/socket.ts";
import { listenTcp } from "../../../socket/tcp.ts";
import type { Tls, TlsServerOptions } from "../../../socket/tls.ts";
import { type Instant, milliseconds } from "../../../time/instant.ts";
import type { ProgramContext } from "../../program.ts";
import { tryOption } from "../../stream.ts";
import type { Handler } from "../handler.ts";
import { MessageParser } from "../message/parser.ts";
import { HttpConnection } from "./connection.ts";
import type { ConnectionEnds, ConnectionHost } from "./connection-host.ts";
import { Deadlines } from "./deadlines.ts";
import { DEFAULT_SERVER_LIMITS, type ServerLimits } from "./limits.ts";

/** How long to wait when a connection cannot be accepted for a reason that passes. */
const ACCEPT_PAUSE = milliseconds(100);
const PASSING: ReadonlySet<Errno> = new Set(["ECONNABORTED", "ECONNRESET", "EMFILE", "ENOBUFS"]);
/** Connections that wait to be accepted. */
const BACKLOG = 1_024;
/** Connections past the limit that are told so; still more are reset. */
const REFUSED_AT_ONCE = 256;

/** What a server writes to its program's log, in English: a program that serves HTTP has these among its messages. */
export const HTTP_MESSAGES = {
  "http-handler-failed": "{method} {target}: {error}",
  "http-work-failed": "work after an answer failed: {error}",
} as const;

export interface ServeOptions {
  /** The address to listen on; `0.0.0.0` for all. */
  readonly address: string;
  /** 0 chooses one. */
  readonly port: number;
  readonly handler: Handler;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Told of requests that were answered without the handler: what is no HTTP, too long, too slow, one connection too many. */
  readonly onRefused?: ((client: SocketAddress, status: number) => void) | undefined;
  /** Serves HTTPS. */
  readonly tls?: Omit<TlsServerOptions, "role"> | undefined;
}

export interface CloseOptions {
  /** Lets requests that were begun, and {@link RequestInfo.waitUntil}, end first. */
  readonly graceful: boolean;
}

export interface HttpServer {
  /** Where it listens. */
  readonly address: SocketAddress;
  /** Resolves when the server has ended; rejects when it cannot accept connections any more. */
  readonly ended: Promise<void>;
  /** Ends the server: at once, unless it is to be graceful. @returns {@link ended} */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * Serves HTTP/1.1 on any sockets until it is closed or the context's signal aborts, which ends it at once.
 * @throws SocketError as listening does; EPROTONOSUPPORT for `tls` where the engine has none
 */
export async function serveHttp(context: ProgramContext, options: ServeOptions): Promise<HttpServer> {
  const { tls } = context;
  if (options.tls !== undefined && tls === undefined) throw new SocketError("EPROTONOSUPPORT", "tls");
  const listener = await listenTcp(context.sockets, options, { backlog: BACKLOG });
  return new Server(context, listener, options, options.tls === undefined ? undefined : tls);
}

class Server implements HttpServer, ConnectionHost<HttpConnection> {
  readonly address: SocketAddress;
  readonly ended: Promise<void>;
  readonly handler: Handler;
  readonly limits: ServerLimits;
  readonly clock: ProgramContext["clock"];
  readonly idle: Deadlines;
  readonly head: Deadlines;
  readonly rate: Deadlines;
  readonly linger: Deadlines;
  closing = false;
  readonly #context: ProgramContext;
  readonly #listener: Socket;
  readonly #options: ServeOptions;
  readonly #tls: Tls | undefined;
  /** Every connection, with the address it is counted for; undefined for one that is only refused. */
  readonly #open = new Map<HttpConnection, string | undefined>();
  readonly #perAddress = new Map<string, number>();
  /** Connections that count: handshakes too. */
  #count = 0;
  readonly #work = new Set<Promise<unknown>>();
  readonly #handshakes = new AbortController();
  #settle: { resolve: () => void; reject: (error: unknown) => void } = { resolve() {}, reject() {} };
  /** One that is free: connections that get their requests whole need no more in all. */
  #parser: MessageParser | undefined = undefined;
  #date = "";
  #dateUntil = -1;

  constructor(context: ProgramContext, listener: Socket, options: ServeOptions, tls: Tls | undefined) {
    this.#context = context;
    this.#listener = listener;
    this.#options = options;
    this.#tls = tls;
    this.address = listener.getsockname();
    this.handler = options.handler;
    this.limits = { ...DEFAULT_SERVER_LIMITS, ...options.limits };
    this.clock = context.clock;
    const { idleTime, headTime, rateTime, lingerTime } = this.limits;
    this.idle = new Deadlines(context.clock, idleTime);
    this.head = new Deadlines(context.clock, headTime);
    this.rate = new Deadlines(context.clock, rateTime);
    this.linger = new Deadlines(context.clock, lingerTime);
    this.ended = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.ended.catch(() => {});
    listener.onReady = () => this.#accept();
    const stop = () => void this.close();
    context.signal.addEventListener("abort", stop);
    const forget = () => context.signal.removeEventListener("abort", stop);
    this.ended.then(forget, forget);
    if (context.signal.aborted) stop();
    else this.#accept();
  }

  close({ graceful }: CloseOptions = { graceful: false }): Promise<void> {
    if (!this.closing) {
      this.closing = true;
      this.#listener.onReady = undefined;
      void this.#listener.close();
      this.#handshakes.abort(new SocketError("ECONNABORTED", "close"));
    }
    for (const connection of [...this.#open.keys()]) connection.close(!graceful);
    if (!graceful) this.#work.clear();
    this.#endIfDone();
    return this.ended;
  }

  waitUntil(work: Promise<unknown>): void {
    const done = work.then(
      () => {},
      (error) => this.#context.log("http-work-failed", { error: describe(error) }),
    );
    const kept = done.finally(() => {
      this.#work.delete(kept);
      this.#endIfDone();
    });
    this.#work.add(kept);
  }

  failed(error: unknown, method: string, target: string): void {
    this.#context.log("http-handler-failed", { method, target, error: describe(error) });
  }

  refused(client: SocketAddress, status: number): void {
    this.#options.onRefused?.(client, status);
  }

  connectionEnded(connection: HttpConnection): void {
    const address = this.#open.get(connection);
    if (!this.#open.delete(connection)) return;
    if (address !== undefined) this.#forget(address);
    this.#endIfDone();
  }

  takeParser(): MessageParser {
    const parser = this.#parser ?? new MessageParser("request", this.limits);
    this.#parser = undefined;
    return parser;
  }

  giveBackParser(parser: MessageParser): undefined {
    this.#parser = parser;
  }

  dateLine(now: Instant): string {
    if (now >= this.#dateUntil) {
      const date = this.clock.date();
      this.#date = `Date: ${date.toUTCString()}\r\n`;
      this.#dateUntil = now + (1_000 - date.getUTCMilliseconds()) * 1e6;
    }
    return this.#date;
  }

  #accept(): void {
    while (!this.closing) {
      const socket = this.#listener.acceptNow();
      if (socket === "EAGAIN") return;
      if (typeof socket !== "string") this.#take(socket);
      else if (PASSING.has(socket)) {
        void this.clock.after(ACCEPT_PAUSE, () => this.#accept());
        return;
      } else {
        this.#stop(new SocketError(socket, "accept"));
        return;
      }
    }
  }

  #take(socket: Socket): void {
    let ends: ConnectionEnds;
    try {
      ends = { local: socket.getsockname(), remote: socket.getpeername() };
    } catch {
      void socket.close(); // it has gone already
      return;
    }
    tryOption(socket, "TCP_NODELAY", true);
    const { address } = ends.remote;
    const ofAddress = this.#perAddress.get(address) ?? 0;
    if (this.#count >= this.limits.connections) {
      this.#refuse(socket, ends, 503);
      return;
    }
    if (ofAddress >= this.limits.connectionsPerAddress) {
      this.#refuse(socket, ends, 429);
      return;
    }
    this.#count++;
    this.#perAddress.set(address, ofAddress + 1);
    if (this.#tls === undefined) this.#start(socket, ends);
    else void this.#shakeHands(this.#tls, socket, ends);
  }

  #start(socket: Socket, ends: ConnectionEnds): void {
    const connection = new HttpConnection(this, socket, ends);
    this.#open.set(connection, ends.remote.address);
    connection.start();
  }

  /** Says why, if there are not too many already who are to be told. */
  #refuse(socket: Socket, ends: ConnectionEnds, status: number): void {
    if (this.#tls !== undefined || this.#open.size - this.#count >= REFUSED_AT_ONCE) {
      tryOption(socket, "SO_LINGER", 0);
      void socket.close();
      return;
    }
    const connection = new HttpConnection(this, socket, ends);
    this.#open.set(connection, undefined);
    connection.startRefusing(status);
  }

  async #shakeHands(tls: Tls, socket: Socket, ends: ConnectionEnds): Promise<void> {
    const late = new AbortController();
    const cancel = this.clock.after(this.limits.headTime, () => late.abort(new SocketError("ETIMEDOUT", "tls")));
    const signal = AbortSignal.any([late.signal, this.#handshakes.signal]);
    try {
      const options = this.#options.tls as Omit<TlsServerOptions, "role">;
      const wrapped = await tls.wrap(socket, { alpn: ["http/1.1"], ...options, role: "server", signal });
      if (this.closing) {
        void wrapped.close();
        this.#forget(ends.remote.address);
      } else this.#start(wrapped, { ...ends, tls: wrapped.tls });
    } catch {
      this.#forget(ends.remote.address); // a client's own affair
    } finally {
      cancel();
    }
  }

  #forget(address: string): void {
    this.#count--;
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }

  /** Nobody can be accepted any more. */
  #stop(error: SocketError): void {
    this.#settle.reject(error);
    void this.close();
  }

  #endIfDone(): void {
    if (!this.closing || this.#open.size > 0 || this.#work.size > 0) return;
    for (const deadlines of [this.idle, this.head, this.rate, this.linger]) deadlines.stop();
    this.#settle.resolve();
  }
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
