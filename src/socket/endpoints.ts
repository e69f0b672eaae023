import type { Port } from "../address/endpoint.ts";
import type { IpAddress } from "../address/ip.ts";
import type { Errno } from "../base/errno.ts";
import type { Duration } from "../time/instant.ts";
import type { ConnectionOptions, SendFlags } from "../transport/tcp/connection-options.ts";
import type { TcpInfo } from "../transport/tcp/info.ts";
import type { TcpSettings } from "../transport/tcp/settings.ts";
import type { State } from "../transport/tcp/state.ts";
import type { OwnOptions } from "./options.ts";
import type { SocketOptions } from "./socket.ts";

/**
 * What the sockets stand on: endpoints that never wait. The virtual stack's `Tcp` and `Udp` are such, and so are thin
 * covers over the operating system's sockets, so that promises, timeouts, checks and errno are written once for both.
 *
 * Every `onReady` is an edge: called when something may have changed, never from inside a call on the same endpoint.
 */

/** An answer, or for an operating system that takes its time, the promise of one. */
export type Soon<T> = T | Promise<T>;

/** Makes connections: TCP. */
export interface StreamTransport {
  /** What the options that a socket keeps itself are at first, where they are not the usual ones. */
  readonly options?: Partial<OwnOptions>;
  /** What an option is until it is set. */
  readonly settings: TcpSettings;
  /** Whether it does not have an option, or cannot give it that value. */
  refuses?(option: keyof SocketOptions, value?: unknown): boolean;
  /** Takes a port, 0 to choose one. EADDRINUSE, EADDRNOTAVAIL. @param reuse SO_REUSEADDR */
  bind(address: IpAddress, port: Port, reuse: boolean): Soon<Binding | Errno>;
  /** Accepts connections. The binding stays the caller's, to be released after the listener was closed. */
  listen(binding: Binding, backlog: number, settings: Partial<TcpSettings>): Soon<Listener | Errno>;
  /** Begins a connection; takes the binding over when it succeeds. Without one the port is chosen. */
  connect(
    binding: Binding | undefined,
    remote: IpAddress,
    port: Port,
    settings: Partial<TcpSettings>,
  ): Connection | Errno;
}

/** A local address and port that is taken. */
export interface Binding {
  readonly address: IpAddress;
  readonly port: Port;
  release(): void;
}

/** Accepts connections. */
export interface Listener {
  readonly local: { readonly address: IpAddress; readonly port: Port };
  /** How many may wait; absent where it cannot change. */
  backlog?: number;
  /** The connection that has waited longest. */
  accept(): Connection | undefined;
  /** How many connections wait to be accepted. */
  readonly pending: number;
  /** Why the next connection could not be taken, once. */
  takeError?(): Errno | undefined;
  close(): void;
  onReady: (() => void) | undefined;
}

/** One end of a connection. */
export interface Connection {
  readonly localAddress: IpAddress;
  readonly localPort: Port;
  readonly remoteAddress: IpAddress;
  readonly remotePort: Port;
  /** `"SYN-SENT"` or `"SYN-RECEIVED"` until the attempt has ended. */
  readonly state: State;
  /** A read gives data, the end or an error. */
  readonly readable: boolean;
  /** A write takes at least one byte, or gives an error. */
  readonly writable: boolean;
  /** Both directions have ended. */
  readonly hangup: boolean;
  /** Why it died. Reported once: by a call, or by {@link takeError}. */
  readonly error: Errno | undefined;
  takeError(): Errno | undefined;
  /** @returns how many bytes, 0 at the end, EAGAIN, or why not */
  read(into: Uint8Array): number | Errno;
  /** The next bytes in memory that is the caller's own, where they lie so and are no more than that: it spares a copy. */
  takePiece?(size: number): Uint8Array | undefined;
  /** @returns how many bytes were taken, EAGAIN, EPIPE after the end was sent, or why not */
  write(from: Uint8Array, flags?: SendFlags): number | Errno;
  shutdownRead(): void;
  shutdownWrite(): void;
  /** Ends it in good order, in the background; with data unread, by a reset. */
  close(): void;
  /** Ends it by a reset. */
  abort(): void;
  set(settings: Partial<ConnectionOptions>): void;
  /** Bytes that the buffers may hold now, where they follow the path by themselves. */
  readonly receiveLimit?: number;
  readonly sendLimit?: number;
  /** What TCP_INFO tells, where that can be known. */
  readonly info?: TcpInfo;
  /** Urgent data, where there is such: announced and not read, the byte itself, and whether reading stands at it. */
  readonly hasUrgent?: boolean;
  readonly atMark?: boolean;
  readUrgent?(into: Uint8Array): number | Errno;
  onReady: (() => void) | undefined;
}

/** Makes datagram endpoints: UDP. */
export interface DatagramTransport {
  refuses?(option: keyof SocketOptions, value?: unknown): boolean;
  open(): DatagramEndpoint;
}

/** An address and port in the network's own words. */
export interface Endpoint {
  readonly address: IpAddress;
  readonly port: Port;
}

export interface DatagramEndpoint {
  readonly localAddress: IpAddress;
  /** 0 until bound. */
  readonly localPort: Port;
  /** EADDRINUSE, EADDRNOTAVAIL. */
  bind(address: IpAddress, port: Port): Errno | undefined;
  /** Sets the only peer; binds when that has not been done. */
  connect(remote: IpAddress, port: Port): Soon<Errno | undefined>;
  /**
   * Sends one datagram; binds when that has not been done.
   * @param to the destination; the peer when connected
   * @returns its length, EAGAIN when the interface's queue is full, or why not
   */
  send(data: Uint8Array, to?: Endpoint): number | Errno;
  /** For an operating system that says later whether the last {@link send} was refused. */
  confirm?(): Promise<Errno | undefined>;
  /** @returns how many bytes were copied and who sent them, EAGAIN, or a pending error */
  receive(into: Uint8Array): ReceivedDatagram | Errno;
  /** A receive gives a datagram or an error. */
  readonly readable: boolean;
  /** A send would not be refused with EAGAIN. */
  readonly writable: boolean;
  /** An ICMP error that came back, on a connected endpoint. */
  readonly error: Errno | undefined;
  takeError(): Errno | undefined;
  close(): void;
  /** SO_REUSEADDR. */
  reuse: boolean;
  /** SO_BROADCAST. */
  broadcast: boolean;
  /** Bytes that may wait to be received. */
  receiveLimit: number;
  hopLimit: number;
  trafficClass: number;
  onReady: (() => void) | undefined;
}

export interface ReceivedDatagram {
  readonly length: number;
  readonly address: IpAddress;
  readonly port: Port;
}

/** What a waiting call needs: deadlines, and a way to say that a program will run. */
export interface Waking {
  /** Calls back after a duration. @returns a function that takes it back */
  after(duration: Duration, callback: () => void): () => void;
  /** A promise was settled: the program must run before time goes on. */
  wake(): void;
}

/** Goes on with an answer, at once when it is there. */
export function goOn<T, Next>(answer: Soon<T>, next: (value: T) => Soon<Next>): Soon<Next> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}
