import { createServer, Socket as NetSocket, type Server } from "node:net";
import type { Port } from "../../../address/endpoint.ts";
import { formatIp, type IpAddress, parseIp } from "../../../address/ip.ts";
import type { Errno } from "../../../base/errno.ts";
import type { Binding, Endpoint, Listener, StreamTransport } from "../../../socket/endpoints.ts";
import type { SocketOptions } from "../../../socket/socket.ts";
import { DEFAULT_BACKLOG, LARGEST_BACKLOG } from "../../../socket/stream-socket.ts";
import { DEFAULT_SETTINGS, type TcpSettings } from "../../../transport/tcp/settings.ts";
import { HIGH_WATER_MARK, OsConnection } from "./connection.ts";
import { errnoOf } from "./errno.ts";
import { readingBy } from "./tcp-handle.ts";

/** Options that Node gives no way to set on a stream. */
const REFUSED: readonly (keyof SocketOptions)[] = [
  "SO_RCVBUF",
  "SO_SNDBUF",
  "TCP_MAXSEG",
  "TCP_USER_TIMEOUT",
  "TCP_CORK",
  "TCP_QUICKACK",
  "TCP_NOTSENT_LOWAT",
  "TCP_CONGESTION",
  "TCP_INFO",
  "SO_OOBINLINE",
  "IP_TTL",
];

/** The operating system's TCP, through `node:net`. */
export class OsTcp implements StreamTransport {
  readonly settings: TcpSettings = DEFAULT_SETTINGS;
  /** libuv sets it on every stream that it binds, but on Windows, where it means something else. */
  readonly options = { SO_REUSEADDR: process.platform !== "win32" };

  refuses(option: keyof SocketOptions, value?: unknown): boolean {
    if (option === "SO_REUSEADDR") return value !== undefined && value !== this.options.SO_REUSEADDR;
    if (option === "SO_LINGER") return typeof value === "number" && value > 0;
    if (option === "IP_TOS") return typeof NetSocket.prototype.setTypeOfService !== "function";
    // An older Node takes the idle time only.
    if (option === "TCP_KEEPINTVL" || option === "TCP_KEEPCNT") return NetSocket.prototype.setKeepAlive.length < 4;
    return REFUSED.includes(option);
  }

  /**
   * Node binds a stream only to listen or to connect. So it listens at once: the port is really taken, and known when it
   * was 0. Until the program itself listens, who connects is reset.
   */
  bind(address: IpAddress, port: Port): Promise<OsBinding | Errno> {
    return listenOn({ address, port }, DEFAULT_BACKLOG);
  }

  async listen(binding: Binding, backlog: number, settings: Partial<TcpSettings>): Promise<Listener | Errno> {
    let bound: OsBinding | Errno = binding as OsBinding;
    if (backlog !== DEFAULT_BACKLOG) {
      bound.release();
      bound = await listenOn(bound, backlog);
      if (typeof bound === "string") return bound;
    }
    return new OsListener(bound, settings);
  }

  connect(
    binding: Binding | undefined,
    remote: IpAddress,
    port: Port,
    settings: Partial<TcpSettings>,
  ): OsConnection | Errno {
    binding?.release();
    const local = binding && { localAddress: formatIp(binding.address), localPort: binding.port };
    const connection = new OsConnection((onread) => {
      const socket = new NetSocket({ allowHalfOpen: true, onread, ...{ highWaterMark: HIGH_WATER_MARK } });
      return socket.connect({ host: formatIp(remote), port, family: 4, autoSelectFamily: false, ...local });
    });
    connection.set(settings);
    return connection;
  }
}

/** A server that listens, and resets who comes until somebody takes it over. */
class OsBinding implements Binding {
  readonly address: IpAddress;
  readonly port: Port;
  readonly server: Server;
  onConnection = (socket: NetSocket): void => void socket.resetAndDestroy();
  onError = (_errno: Errno): void => {};

  constructor(server: Server) {
    this.server = server;
    const local = server.address() as { address: string; port: number };
    this.address = parseIp(local.address) as IpAddress;
    this.port = local.port;
    server.on("connection", (socket) => {
      socket.on("error", () => {});
      this.onConnection(socket);
    });
    server.on("error", (error) => this.onError(errnoOf(error)));
  }

  release(): void {
    this.server.close();
  }
}

function listenOn({ address, port }: Endpoint, backlog: number): Promise<OsBinding | Errno> {
  return new Promise((resolve) => {
    const server = createServer({ allowHalfOpen: true, highWaterMark: HIGH_WATER_MARK, pauseOnConnect: true });
    const refuse = (error: Error) => resolve(errnoOf(error));
    server.once("error", refuse);
    server.listen({ host: formatIp(address), port, backlog, exclusive: true }, () => {
      server.removeListener("error", refuse);
      resolve(new OsBinding(server));
    });
  });
}

class OsListener implements Listener {
  readonly local: Endpoint;
  onReady: (() => void) | undefined;
  readonly #binding: OsBinding;
  readonly #waiting: OsConnection[] = [];
  #error: Errno | undefined;

  constructor(binding: OsBinding, settings: Partial<TcpSettings>) {
    this.local = binding;
    this.#binding = binding;
    binding.onConnection = (socket) => {
      // Node takes connections from the system's queue as they come, so ours has a limit of its own.
      if (this.#waiting.length >= LARGEST_BACKLOG) {
        socket.resetAndDestroy();
        return;
      }
      const connection = new OsConnection((onread) => readingBy(onread, socket, HIGH_WATER_MARK));
      connection.set(settings);
      this.#waiting.push(connection);
      this.onReady?.();
    };
    binding.onError = (errno) => {
      this.#error = errno;
      this.onReady?.();
    };
  }

  get pending(): number {
    return this.#waiting.length;
  }

  accept(): OsConnection | undefined {
    return this.#waiting.shift();
  }

  takeError(): Errno | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  close(): void {
    this.onReady = undefined;
    this.#binding.release();
    for (const connection of this.#waiting.splice(0)) connection.abort();
  }
}
