import { parseIp } from "../../../address/ip.ts";
import { encodeLatin1 } from "../../../base/latin1.ts";
import type { Socket } from "../../../socket/socket.ts";
import { connectTcp } from "../../../socket/tcp.ts";
import type { TlsClientOptions } from "../../../socket/tls.ts";
import type { Duration } from "../../../time/instant.ts";
import type { ProgramContext } from "../../program.ts";
import { tryOption } from "../../stream.ts";
import { Fields } from "../message/fields.ts";
import type { MessageHead } from "../message/head.ts";
import type { MessageLimits } from "../message/limits.ts";
import { formatRequestHead } from "../message/serialiser.ts";
import { ClientConnection } from "./connection.ts";
import { HttpError } from "./http-error.ts";
import type { Origin } from "./origin.ts";

/** Sessions of TLS that are kept to be resumed. */
const SESSIONS_LIMIT = 256;

/** What of TLS a caller may set. */
export type ClientTls = Omit<TlsClientOptions, "role" | "serverName" | "session" | "signal" | "timeout">;

export interface DialOptions {
  /** For name, connection, proxy and handshake together. */
  readonly connectTimeout: Duration;
  readonly tls?: ClientTls | undefined;
  readonly limits?: Partial<MessageLimits> | undefined;
  /** Where an origin, or its proxy, is really to be found, when not under its name. */
  readonly route?: ((hostname: string, port: number) => Route | undefined) | undefined;
  /** The request for a tunnel, where it is not to be the usual one. */
  readonly connectHead?: ((authority: string, origin: Origin) => Uint8Array) | undefined;
  /** Told the head of each answer to a request for a tunnel. */
  readonly onTunnelHead?: ((head: MessageHead, bytes: Uint8Array) => void) | undefined;
  /** Told what has been reached, before TLS. */
  readonly onConnect?: ((socket: Socket, origin: Origin) => void) | undefined;
}

/** Another name, or addresses that need no name server. */
export interface Route {
  readonly hostname: string;
  readonly port: number;
  readonly addresses?: readonly string[] | undefined;
}

type DialContext = Pick<ProgramContext, "sockets" | "names" | "tls" | "clock">;

/** Makes connections to origins. */
export class Dialer {
  readonly #context: DialContext;
  readonly #options: DialOptions;
  readonly #sessions = new Map<string, Uint8Array>();

  constructor(context: DialContext, options: DialOptions) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * A connection, ready for its first request.
   * @throws NameError, SocketError, TlsError; HttpError ETIMEDOUT, EPROXY, EPROTONOSUPPORT without TLS; the signal's reason
   */
  async dial(origin: Origin, signal: AbortSignal | undefined): Promise<ClientConnection> {
    const { connectTimeout } = this.#options;
    const late = new AbortController();
    const where = `${origin.hostname}:${origin.port}`;
    const cancel = this.#context.clock.after(connectTimeout, () =>
      late.abort(new HttpError("ETIMEDOUT", "connect", `no connection to ${where} in time`)),
    );
    try {
      return await this.#dial(origin, signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]));
    } finally {
      cancel();
    }
  }

  async #dial(origin: Origin, signal: AbortSignal): Promise<ClientConnection> {
    const { clock, tls } = this.#context;
    if (origin.secure && tls === undefined) {
      throw new HttpError("EPROTONOSUPPORT", "connect", `https://${origin.hostname}: there is no TLS here`);
    }
    let socket = await this.#connect(origin.proxy ?? origin, signal);
    tryOption(socket, "TCP_NODELAY", true);
    this.#options.onConnect?.(socket, origin);
    if (origin.proxy !== undefined && origin.tunnel) socket = await this.#tunnel(socket, origin, signal);
    if (origin.secure) socket = await this.#secure(socket, origin, signal);
    return new ClientConnection(socket, clock, this.#options.limits);
  }

  /** The first of the addresses that can be connected to. */
  async #connect(to: { hostname: string; port: number }, signal: AbortSignal): Promise<Socket> {
    const { sockets, names } = this.#context;
    const route = this.#options.route?.(to.hostname, to.port);
    const { hostname, port } = route ?? to;
    const addresses = route?.addresses ?? (await names.lookup(hostname, { signal }));
    let refused: unknown;
    for (const address of addresses) {
      try {
        return await connectTcp(sockets, { address, port }, { signal });
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        refused ??= error;
      }
    }
    throw refused;
  }

  /** RFC 9110 §9.3.6. */
  async #tunnel(socket: Socket, origin: Origin, signal: AbortSignal): Promise<Socket> {
    const { hostname, port } = origin;
    const { onTunnelHead, connectHead = usualConnectHead } = this.#options;
    const authority = `${hostname}:${port}`;
    const connection = new ClientConnection(socket, this.#context.clock);
    const request = { method: "CONNECT", head: connectHead(authority, origin) };
    const options = { signal, onHead: onTunnelHead, onOver: () => {} };
    const response = await connection.exchange(request, options);
    const { status, reason } = response.head;
    if (status >= 200 && status < 300) {
      const left = connection.detach();
      if (left.head.length === 0) return left.socket;
      await socket.close();
      throw new HttpError("EPROXY", "connect", `the proxy sent bytes before the tunnel to ${authority} began`);
    }
    await connection.close();
    throw new HttpError("EPROXY", "connect", `the proxy refused a tunnel to ${authority}: ${status} ${reason}`);
  }

  async #secure(socket: Socket, { key, hostname }: Origin, signal: AbortSignal): Promise<Socket> {
    const { tls } = this.#context;
    if (tls === undefined) return socket;
    const serverName = parseIp(hostname) === undefined ? hostname.replace(/\.$/, "") : hostname;
    const secured = await tls.wrap(socket, {
      alpn: ["http/1.1"],
      ...this.#options.tls,
      role: "client",
      serverName,
      session: this.#sessions.get(key),
      signal,
    });
    secured.onSession = (session) => {
      this.#sessions.delete(key);
      this.#sessions.set(key, session);
      if (this.#sessions.size > SESSIONS_LIMIT) this.#sessions.delete(this.#sessions.keys().next().value as string);
    };
    return secured;
  }
}

function usualConnectHead(authority: string, { proxy }: Origin): Uint8Array {
  const fields = new Fields([["Host", authority]]);
  if (proxy?.authorization !== undefined) fields.append("Proxy-Authorization", proxy.authorization);
  return encodeLatin1(formatRequestHead("CONNECT", authority, fields));
}
