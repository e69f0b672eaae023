import type { SocketAddress } from "../address/endpoint.ts";
import { ANY } from "../address/ip.ts";
import { assert } from "../base/assert.ts";
import type { Errno } from "../base/errno.ts";
import type { Duration } from "../time/instant.ts";
import type { ConnectionOptions, SendFlags } from "../transport/tcp/connection-options.ts";
import type { State } from "../transport/tcp/state.ts";
import { EndpointSocket, type SocketTable, toDestination, toEndpoint } from "./endpoint-socket.ts";
import {
  type Binding,
  type Connection,
  type Endpoint,
  goOn,
  type Listener,
  type Soon,
  type StreamTransport,
} from "./endpoints.ts";
import {
  checkOption,
  fromConnectionOptions,
  isOwn,
  type OptionName,
  type OwnOptions,
  toConnectionOptions,
} from "./options.ts";
import {
  type CallOptions,
  type Readiness,
  type ReceiveFlags,
  type SendOptions,
  type Socket,
  SocketError,
  type SocketOptions,
} from "./socket.ts";
import { Waiters } from "./waiters.ts";

/** Connections that may wait to be accepted: unless told, and at most (Linux: SOMAXCONN). */
export const DEFAULT_BACKLOG = 128;
export const LARGEST_BACKLOG = 4_096;

/** What an accepted socket is made with. */
interface Accepted {
  readonly connection: Connection;
  readonly options: OwnOptions;
  readonly settings: Partial<ConnectionOptions>;
}

/** A stream socket on a {@link StreamTransport}. */
export class StreamSocket extends EndpointSocket {
  readonly type = "stream";
  readonly #transport: StreamTransport;
  #settings: Partial<ConnectionOptions> = {};
  #binding: Binding | undefined;
  #listener: Listener | undefined;
  #backlog = 0;
  #listensWith: Partial<ConnectionOptions> | undefined;
  #connection: Connection | undefined;
  /** A connection attempt has not ended, or nobody has been told of its end. */
  #attempt: "none" | "begun" | "succeeded" = "none";
  /** Where bind() put it, for an attempt after one that failed. */
  #bound: Endpoint | undefined;
  /** An error that the next call or SO_ERROR reports. */
  #error: Errno | undefined;

  constructor(table: SocketTable, transport: StreamTransport, accepted?: Accepted) {
    super(table, accepted?.options ?? transport.options);
    this.#transport = transport;
    if (accepted === undefined) return;
    this.#settings = accepted.settings;
    this.#connection = accepted.connection;
    accepted.connection.onReady = this.edge;
  }

  bind(at: SocketAddress): Promise<void> {
    return this.answer("bind", at, () => this.#bind(at));
  }

  #bind(at: SocketAddress): Soon<Errno | undefined> {
    const local = toEndpoint(at);
    if (local === "EINVAL") return local;
    if (this.#binding !== undefined || this.#listener !== undefined || this.#connection !== undefined) return "EINVAL";
    if (this.#bound !== undefined) return "EINVAL";
    return this.#take(local, (binding) => {
      this.#bound = { address: binding.address, port: binding.port };
      return undefined;
    });
  }

  /** Takes a port and goes on with it, unless the socket was closed meanwhile. */
  #take(local: Endpoint, next: (binding: Binding) => Soon<Errno | undefined>): Soon<Errno | undefined> {
    const binding = this.#transport.bind(local.address, local.port, this.options.SO_REUSEADDR);
    return goOn(binding, (taken): Soon<Errno | undefined> => {
      if (typeof taken === "string") return taken;
      if (this.closed) {
        taken.release();
        return "EBADF";
      }
      this.#binding = taken;
      return next(taken);
    });
  }

  listen(backlog = DEFAULT_BACKLOG): Promise<void> {
    return this.answer("listen", undefined, () => this.#listen(backlog));
  }

  #listen(backlog: number): Soon<Errno | undefined> {
    if (!Number.isInteger(backlog) || this.#connection !== undefined) return "EINVAL";
    const limit = Math.min(Math.max(backlog, 1), LARGEST_BACKLOG);
    if (this.#listener !== undefined) return this.#changeBacklog(this.#listener, limit);
    const begin = (binding: Binding) => this.#beginListening(binding, limit);
    return this.#binding === undefined ? this.#take(this.#bound ?? UNBOUND, begin) : begin(this.#binding);
  }

  #changeBacklog(listener: Listener, limit: number): Errno | undefined {
    if (listener.backlog === undefined) return limit === this.#backlog ? undefined : "EINVAL";
    listener.backlog = limit;
    return undefined;
  }

  #beginListening(binding: Binding, backlog: number): Soon<Errno | undefined> {
    return goOn(this.#transport.listen(binding, backlog, this.#settings), (listener) => {
      if (typeof listener === "string") return listener;
      if (this.closed) {
        listener.close();
        binding.release();
        return "EBADF";
      }
      this.#listener = listener;
      this.#listensWith = this.#settings;
      this.#backlog = backlog;
      listener.onReady = this.edge;
      return undefined;
    });
  }

  accept(options?: CallOptions): Promise<Socket> {
    const attempt = () => this.acceptNow();
    return this.afterPending(() =>
      this.receivers.call({ syscall: "accept", attempt }, options, this.options.SO_RCVTIMEO),
    );
  }

  acceptNow(): Socket | Errno {
    if (this.closed) return "EBADF";
    if (this.#listener === undefined) return "EINVAL";
    const errno = this.#listener.takeError?.();
    if (errno !== undefined) return errno;
    if (this.#listener.pending === 0) return "EAGAIN";
    // The connection goes on waiting, as it does on an operating system.
    if (this.table.full) return "EMFILE";
    const connection = this.#listener.accept();
    if (connection === undefined) return "EAGAIN";
    // What was set after listen() holds for those that are accepted from now on.
    if (this.#settings !== this.#listensWith) connection.set(this.#settings);
    const { options } = this;
    return new StreamSocket(this.table, this.#transport, { connection, options, settings: this.#settings });
  }

  connect(to: SocketAddress, options: CallOptions = {}): Promise<void> {
    return this.afterPending(() => {
      if (options.signal?.aborted) return Promise.reject(options.signal.reason);
      const begun = this.closed ? "EBADF" : this.#begin(to);
      if (begun instanceof Promise) {
        this.comesLater(begun);
        return begun.then((errno) => this.#whenConnected(to, errno, options));
      }
      return this.#whenConnected(to, begun, options);
    });
  }

  #whenConnected(to: SocketAddress, begun: Errno | undefined, options: CallOptions): Promise<void> {
    if (begun !== undefined) return this.senders.refused(begun, "connect", to);
    const attempt = () => this.#connected();
    const call = { syscall: "connect", at: to, attempt, late: "ETIMEDOUT", never: "EINPROGRESS" } as const;
    return this.senders.call(call, options, this.options.SO_SNDTIMEO);
  }

  /** Begins a connection attempt. @returns why it may not be begun */
  #begin(to: SocketAddress): Soon<Errno | undefined> {
    const remote = toDestination(to);
    if (remote === "EINVAL") return remote;
    if (this.#listener !== undefined) return "EISCONN";
    if (this.#connection !== undefined) {
      if (this.#attempt === "none") return "EISCONN";
      return this.#attempt === "begun" ? "EALREADY" : undefined;
    }
    if (this.#error !== undefined) return this.#takeOwnError();
    if (this.#binding === undefined && this.#bound !== undefined) {
      return this.#take(this.#bound, () => this.#open(remote));
    }
    return this.#open(remote);
  }

  #open(remote: Endpoint): Errno | undefined {
    const connection = this.#transport.connect(this.#binding, remote.address, remote.port, this.#settings);
    if (typeof connection === "string") return connection;
    this.#binding = undefined;
    this.#connection = connection;
    this.#attempt = "begun";
    connection.onReady = this.#attemptReady;
    return undefined;
  }

  /** Until the attempt has ended; then the edge is that of any connection. */
  readonly #attemptReady = (): void => {
    const connection = this.#connection as Connection;
    if (isAttempt(connection.state)) return;
    const errno = connection.takeError();
    if (errno === undefined) {
      this.#attempt = "succeeded";
      connection.onReady = this.edge;
    } else {
      connection.onReady = undefined;
      this.#connection = undefined;
      this.#attempt = "none";
      this.#error = errno;
    }
    this.edge();
  };

  #connected(): Errno | undefined {
    if (this.closed) return "EBADF";
    if (this.#attempt === "begun") return "EAGAIN";
    this.#attempt = "none";
    return this.#takeOwnError();
  }

  /** The connection when data may pass, else why it may not. */
  #openConnection(): Connection | Errno {
    if (this.closed) return "EBADF";
    const errno = this.#takeOwnError();
    if (errno !== undefined) return errno;
    if (this.#connection === undefined) return "ENOTCONN";
    return this.#attempt === "begun" ? "EAGAIN" : this.#connection;
  }

  read(into: Uint8Array, flags?: ReceiveFlags): number | Errno {
    const connection = this.#openConnection();
    if (typeof connection === "string") return connection;
    if (flags?.outOfBand) return connection.readUrgent === undefined ? "ENOTSUP" : connection.readUrgent(into);
    if (into.length === 0) return 0;
    const before = this.enter();
    try {
      return connection.read(into);
    } finally {
      this.leave(before);
    }
  }

  protected override takePiece(size: number): Uint8Array | undefined {
    if (this.closed || this.#error !== undefined || this.#connection?.takePiece === undefined) return undefined;
    const before = this.enter();
    try {
      return this.#connection.takePiece(size);
    } finally {
      this.leave(before);
    }
  }

  write(from: Uint8Array, flags?: SendFlags): number | Errno {
    const connection = this.#openConnection();
    if (typeof connection === "string") return connection;
    if (flags?.outOfBand && connection.readUrgent === undefined) return "ENOTSUP";
    if (from.length === 0) return 0;
    const before = this.enter();
    try {
      return connection.write(from, flags);
    } finally {
      this.leave(before);
    }
  }

  override atMark(): boolean {
    return !this.closed && this.#connection?.atMark === true;
  }

  send(data: Uint8Array, options?: SendOptions): Promise<number> {
    let sent = 0;
    const attempt = (): number | Errno => {
      for (;;) {
        const count = this.write(sent === 0 ? data : data.subarray(sent), options);
        if (typeof count === "string") {
          if (count === "EAGAIN" || count === "EBADF" || sent === 0) return count;
          this.#error = count; // what was taken is told first, as on Linux
          return sent;
        }
        sent += count;
        if (sent === data.length) return sent;
        assert(count > 0, "a write takes bytes or says why not");
      }
    };
    const partly = () => (sent > 0 ? sent : undefined);
    return this.senders.call({ syscall: "send", attempt, partly }, options, this.options.SO_SNDTIMEO);
  }

  sendto(_data: Uint8Array, to: SocketAddress): Promise<number> {
    return this.senders.refused(this.#refuseDestination(), "sendto", to);
  }

  writeTo(_from: Uint8Array, _to: SocketAddress): Errno {
    return this.#refuseDestination();
  }

  /** A stream has one peer (POSIX `sendto`). */
  #refuseDestination(): Errno {
    if (this.closed) return "EBADF";
    return this.#connection === undefined ? "ENOTCONN" : "EISCONN";
  }

  async recvfrom(size: number, options?: CallOptions): Promise<{ data: Uint8Array; from: SocketAddress }> {
    const data = await this.recv(size, options);
    return { data, from: this.getpeername() };
  }

  readFrom(into: Uint8Array): { length: number; from: SocketAddress } | Errno {
    const length = this.read(into);
    return typeof length === "string" ? length : { length, from: this.getpeername() };
  }

  shutdown(how: "read" | "write" | "both"): Promise<void> {
    return this.answer("shutdown", undefined, () => {
      if (how !== "read" && how !== "write" && how !== "both") return "EINVAL";
      const connection = this.#connection;
      if (connection === undefined || this.#attempt === "begun") return "ENOTCONN";
      this.inside(() => {
        if (how !== "write") connection.shutdownRead();
        if (how !== "read") connection.shutdownWrite();
      });
      this.advance();
      return undefined;
    });
  }

  protected release(): Promise<void> | undefined {
    this.#listener?.close();
    this.#binding?.release();
    const connection = this.#connection;
    if (connection === undefined) return undefined;
    connection.onReady = undefined;
    const linger = this.options.SO_LINGER;
    if (linger === 0) connection.abort();
    else connection.close();
    return linger === undefined || linger === 0 ? undefined : this.#linger(connection, linger);
  }

  /** Waits until all that was sent, the end too, is acknowledged, but not longer (POSIX SO_LINGER). */
  #linger(connection: Connection, limit: number): Promise<void> {
    const closers = new Waiters(this.table.waking);
    connection.onReady = () => closers.advance();
    const attempt = () => (isUnacknowledged(connection.state) ? "EAGAIN" : undefined);
    const call = { syscall: "close", attempt, late: "ETIMEDOUT" } as const;
    return closers.call<undefined>(call, {}, (limit * 1e9) as Duration).catch(() => {});
  }

  takeError(): Errno | undefined {
    return this.#takeOwnError() ?? this.#connection?.takeError();
  }

  #takeOwnError(): Errno | undefined {
    const errno = this.#error;
    this.#error = undefined;
    return errno;
  }

  protected localName(): Endpoint | undefined {
    const connection = this.#connection;
    if (connection !== undefined) return { address: connection.localAddress, port: connection.localPort };
    return this.#listener?.local ?? this.#bound;
  }

  protected peerName(): Endpoint | undefined {
    const connection = this.#connection;
    if (connection === undefined || this.#attempt === "begun") return undefined;
    return { address: connection.remoteAddress, port: connection.remotePort };
  }

  protected readiness(): Readiness {
    const error = this.#error !== undefined;
    const connection = this.#connection;
    if (this.#listener !== undefined) {
      return { ...NOT_READY, readable: this.#listener.pending > 0, error };
    }
    if (connection === undefined) return { readable: true, writable: true, hangup: true, error, urgent: false };
    if (this.#attempt === "begun") return { ...NOT_READY, error };
    const { readable, writable, hangup, hasUrgent: urgent = false } = connection;
    const failed = error || connection.error !== undefined;
    return { readable: readable || failed, writable: writable || failed, hangup, error: failed, urgent };
  }

  setsockopt<Name extends OptionName>(name: Name, value: SocketOptions[Name]): void {
    if (name === "TCP_INFO") throw new SocketError("ENOPROTOOPT", "setsockopt");
    this.#check("setsockopt", name, value);
    if (isOwn(name)) {
      Object.assign(this.options, { [name]: value });
      return;
    }
    const changed = toConnectionOptions(name, value);
    this.#settings = { ...this.#settings, ...changed };
    this.inside(() => this.#connection?.set(changed));
  }

  getsockopt<Name extends OptionName>(name: Name): SocketOptions[Name] {
    this.#check("getsockopt", name);
    if (isOwn(name)) return this.options[name] as SocketOptions[Name];
    if (name === "TCP_INFO" && this.#connection?.info === undefined) throw new SocketError("ENOTCONN", "getsockopt");
    if (name === "TCP_INFO") return this.#connection?.info as SocketOptions[Name];
    if (name === "TCP_CONGESTION" && this.#connection?.info !== undefined) {
      return this.#connection.info.congestionControl as SocketOptions[Name];
    }
    const limit = name === "SO_RCVBUF" ? this.#connection?.receiveLimit : undefined;
    const size = name === "SO_SNDBUF" ? this.#connection?.sendLimit : limit;
    if (size !== undefined) return size as SocketOptions[Name];
    return fromConnectionOptions(name, { ...this.#transport.settings, ...this.#settings });
  }

  #check(syscall: string, name: OptionName, ...value: [unknown?]): void {
    if (this.closed) throw new SocketError("EBADF", syscall);
    const errno = checkOption("stream", name, ...value);
    if (errno !== undefined) throw new SocketError(errno, syscall);
    if (this.#transport.refuses?.(name, ...value)) throw new SocketError("ENOPROTOOPT", syscall);
  }
}

const isAttempt = (state: State): boolean => state === "SYN-SENT" || state === "SYN-RECEIVED";

/** Whether, after a close, something that we sent may still be under way: the end at least. */
const isUnacknowledged = (state: State): boolean =>
  state === "FIN-WAIT-1" || state === "CLOSING" || state === "LAST-ACK";

const NOT_READY: Readiness = { readable: false, writable: false, hangup: false, error: false, urgent: false };

const UNBOUND: Endpoint = { address: ANY, port: 0 };
