import type { SocketAddress } from "../address/endpoint.ts";
import type { Errno } from "../base/errno.ts";
import type { Duration } from "../time/instant.ts";
import type { CongestionControlName } from "../transport/tcp/congestion/choose.ts";
import type { SendFlags } from "../transport/tcp/connection-options.ts";
import type { TcpInfo } from "../transport/tcp/info.ts";

export type Family = "inet" | "inet6";
export type SocketType = "stream" | "dgram" | "raw";

/**
 * What makes sockets: the virtual stack of a host, or the operating system. A program is given one and cannot tell
 * which.
 */
export interface Sockets {
  /**
   * @throws SocketError EAFNOSUPPORT for a family that is not there, EPROTONOSUPPORT for a type or protocol that is not,
   *   EMFILE past the limit of open sockets
   */
  socket(family: Family, type: SocketType, protocol?: number): Socket;
}

/** A refused call. `code` is the errno's name, as in Node. */
export class SocketError extends Error {
  override name = "SocketError";
  readonly code: Errno;
  /** The call that was refused: `"connect"`. */
  readonly syscall: string;
  readonly address: string | undefined;
  readonly port: number | undefined;

  constructor(code: Errno, syscall: string, at?: SocketAddress) {
    super(at === undefined ? `${syscall} ${code}` : `${syscall} ${code} ${at.address}:${at.port}`);
    this.code = code;
    this.syscall = syscall;
    this.address = at?.address;
    this.port = at?.port;
  }
}

/** Ends a call that waits. */
export interface CallOptions {
  /** The call rejects with the signal's reason when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The call rejects with EAGAIN (connect: ETIMEDOUT) after so long, as SO_RCVTIMEO and SO_SNDTIMEO do. With 0 it does
   * not wait at all (connect: EINPROGRESS, and the attempt goes on).
   */
  readonly timeout?: Duration | undefined;
}

/** What `send` may be told besides. */
export interface SendOptions extends CallOptions, SendFlags {}

/** What `recv` may be told besides. */
export interface ReceiveOptions extends CallOptions, ReceiveFlags {}

export interface ReceiveFlags {
  /** The urgent byte by itself (MSG_OOB): EINVAL when there is none, or it is in line. */
  readonly outOfBand?: boolean | undefined;
}

/** What a call would do now without waiting (POSIX `poll`). */
export interface Readiness {
  /** A read gives data, the end of the stream or an error; a listening socket has a connection to accept. */
  readonly readable: boolean;
  /** A write takes at least one byte, or gives an error; a connection attempt has ended. */
  readonly writable: boolean;
  /** Both directions are closed. */
  readonly hangup: boolean;
  /** An error waits in SO_ERROR. */
  readonly error: boolean;
  /** Urgent data is announced or here, and neither read nor passed: SIGURG, and POLLPRI once it is here. */
  readonly urgent: boolean;
}

/** The options of `setsockopt` and the values they take. Names and meanings are the operating system's. */
export interface SocketOptions {
  SO_REUSEADDR: boolean;
  SO_BROADCAST: boolean;
  SO_KEEPALIVE: boolean;
  /** Bytes. */
  SO_RCVBUF: number;
  /** Bytes. */
  SO_SNDBUF: number;
  /** How long calls that receive (and accept) wait; 0 for ever. */
  SO_RCVTIMEO: Duration;
  /** How long calls that send (and connect) wait; 0 for ever. */
  SO_SNDTIMEO: Duration;
  /** Seconds that `close` waits for data to be acknowledged; 0 resets; undefined (the default) closes in the background. */
  SO_LINGER: number | undefined;
  TCP_NODELAY: boolean;
  /** Seconds of idleness before the first keepalive probe. */
  TCP_KEEPIDLE: number;
  /** Seconds between keepalive probes. */
  TCP_KEEPINTVL: number;
  /** Probes without an answer that end a connection. */
  TCP_KEEPCNT: number;
  /** Largest segment, bytes. */
  TCP_MAXSEG: number;
  /** Milliseconds that sent data may stay unacknowledged before the connection ends; 0 for the stack's own limit. */
  TCP_USER_TIMEOUT: number;
  /** Hold less than a segment back until more is written, this is taken back, or 200 ms have passed. */
  TCP_CORK: boolean;
  /** Acknowledge every segment at once. */
  TCP_QUICKACK: boolean;
  /** Bytes that may wait unsent; a writer waits beyond, and is told when less than half are left. */
  TCP_NOTSENT_LOWAT: number;
  TCP_CONGESTION: CongestionControlName;
  /** What the connection measures; to be read only. */
  TCP_INFO: TcpInfo;
  /** Urgent data stays in the stream. */
  SO_OOBINLINE: boolean;
  IP_TTL: number;
  IP_TOS: number;
}

/**
 * The BSD calls. Each that may block is a promise; beneath stands a non-blocking half that never waits. Data given to a
 * call is copied before it returns or, for `send`, before it resolves. A call that waits is ended by `close` (EBADF), a
 * timeout or an abort signal. Where a call is refused, its promise rejects with a {@link SocketError}.
 */
export interface Socket {
  readonly family: Family;
  readonly type: SocketType;

  /** Takes a local address and port. Port 0 chooses one. EADDRINUSE, EADDRNOTAVAIL, EINVAL when already bound. */
  bind(at: SocketAddress): Promise<void>;
  /** Accepts connections from now on. @param backlog connections that wait to be accepted; 128 unless told */
  listen(backlog?: number): Promise<void>;
  /** The next connection. EINVAL when not listening. */
  accept(options?: CallOptions): Promise<Socket>;
  /**
   * Opens a connection; for a datagram socket, sets the only peer.
   * ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT, EADDRNOTAVAIL, EISCONN, EALREADY.
   */
  connect(to: SocketAddress, options?: CallOptions): Promise<void>;
  /**
   * Sends to the peer, waiting until all bytes are in the send buffer. @returns how many that were: all, unless the call
   * was ended when part was taken. EPIPE, ECONNRESET, ENOTCONN, ETIMEDOUT; for a datagram EMSGSIZE, ECONNREFUSED.
   */
  send(data: Uint8Array, options?: SendOptions): Promise<number>;
  /**
   * Receives at most `size` bytes as soon as there are any, or one datagram cut to `size`. Empty is the end of a stream.
   * ECONNRESET, ENOTCONN, ETIMEDOUT.
   */
  recv(size: number, options?: ReceiveOptions): Promise<Uint8Array>;
  /** Sends a datagram. EMSGSIZE when too long, EACCES for a broadcast without SO_BROADCAST, ENETUNREACH, EHOSTUNREACH. */
  sendto(data: Uint8Array, to: SocketAddress, options?: CallOptions): Promise<number>;
  /** Receives a datagram, cut to `size`, and who sent it. */
  recvfrom(size: number, options?: CallOptions): Promise<{ data: Uint8Array; from: SocketAddress }>;
  /** Ends one or both directions. ENOTCONN. */
  shutdown(how: "read" | "write" | "both"): Promise<void>;
  /** Closes the socket; calls that wait reject with EBADF. Closing again does nothing. */
  close(): Promise<void>;

  /** @throws SocketError ENOPROTOOPT for an option this socket does not have, EINVAL for a bad value */
  setsockopt<Name extends keyof SocketOptions>(name: Name, value: SocketOptions[Name]): void;
  /** @throws SocketError ENOPROTOOPT */
  getsockopt<Name extends keyof SocketOptions>(name: Name): SocketOptions[Name];
  /** Whether reading stands at the urgent byte (`sockatmark`); false on a datagram socket. */
  atMark(): boolean;
  /** The pending error, cleared by this call (SO_ERROR). */
  takeError(): Errno | undefined;
  /** Our end: `0.0.0.0:0` before bind. @throws SocketError EBADF after close */
  getsockname(): SocketAddress;
  /** The far end. @throws SocketError ENOTCONN, EBADF */
  getpeername(): SocketAddress;

  /** Reads what is there into a buffer. @returns the count, 0 at the end of the stream, or EAGAIN or another errno */
  read(into: Uint8Array, flags?: ReceiveFlags): number | Errno;
  /** Writes as much as the send buffer takes. @returns the count, or EAGAIN or another errno */
  write(from: Uint8Array, flags?: SendFlags): number | Errno;
  /** Takes the next connection. @returns EAGAIN when none waits */
  acceptNow(): Socket | Errno;
  /** Reads one datagram. @returns EAGAIN when none waits */
  readFrom(into: Uint8Array): { length: number; from: SocketAddress } | Errno;
  /** Sends one datagram now. @returns EAGAIN when the interface's queue is full */
  writeTo(from: Uint8Array, to: SocketAddress): number | Errno;
  /** What would not wait now. */
  poll(): Readiness;
  /**
   * Called when readiness may have changed (an edge; ask {@link poll}), never from inside another call on this socket.
   * The promises use the same edge, so both halves may be used side by side.
   */
  onReady: (() => void) | undefined;
}
