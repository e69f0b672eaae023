import { isPort, type SocketAddress } from "../address/endpoint.ts";
import { ANY, formatIp, LOOPBACK, parseIp } from "../address/ip.ts";
import type { Errno } from "../base/errno.ts";
import type { Duration } from "../time/instant.ts";
import type { SendFlags } from "../transport/tcp/connection-options.ts";
import { type Endpoint, goOn, type Soon, type Waking } from "./endpoints.ts";
import { DEFAULT_OPTIONS, type OptionName, type OwnOptions } from "./options.ts";
import {
  type CallOptions,
  type Family,
  type Readiness,
  type ReceiveFlags,
  type ReceiveOptions,
  type SendOptions,
  type Socket,
  SocketError,
  type SocketOptions,
} from "./socket.ts";
import { Waiters } from "./waiters.ts";

/** A receive gives at most so many bytes at once: all of a datagram, and of a stream a good piece. */
const RECEIVE_PIECE = 65_536;

/** The open sockets of one maker, and what they share. */
export class SocketTable {
  readonly waking: Waking;
  /** Where bytes are received before they are cut to length. */
  readonly scratch = new Uint8Array(RECEIVE_PIECE);
  readonly #open = new Set<Socket>();
  readonly #limit: number;

  constructor(waking: Waking, limit: number) {
    this.waking = waking;
    this.#limit = limit;
  }

  /** No more sockets: EMFILE. */
  get full(): boolean {
    return this.#open.size >= this.#limit;
  }

  get open(): ReadonlySet<Socket> {
    return this.#open;
  }

  add(socket: Socket): void {
    this.#open.add(socket);
  }

  delete(socket: Socket): void {
    this.#open.delete(socket);
  }
}

/** What stream and datagram sockets have in common: names, waiting calls, the end. */
export abstract class EndpointSocket implements Socket {
  readonly family: Family = "inet";
  abstract readonly type: "stream" | "dgram" | "raw";
  onReady: (() => void) | undefined;

  protected readonly table: SocketTable;
  protected readonly options: OwnOptions;
  protected closed = false;
  /** An answer of the operating system that is still to come; later calls come after it. */
  protected pending: Promise<unknown> | undefined;
  /** Made for the first call that may wait: who uses the non-blocking half alone has none. */
  #receivers: Waiters | undefined;
  #senders: Waiters | undefined;
  #urgentReceivers: Waiters | undefined;
  #inside = false;
  #late = false;

  constructor(table: SocketTable, options: Partial<OwnOptions> = {}) {
    this.table = table;
    this.options = { ...DEFAULT_OPTIONS, ...options };
    table.add(this);
  }

  abstract bind(at: SocketAddress): Promise<void>;
  abstract listen(backlog?: number): Promise<void>;
  abstract accept(options?: CallOptions): Promise<Socket>;
  abstract connect(to: SocketAddress, options?: CallOptions): Promise<void>;
  abstract send(data: Uint8Array, options?: SendOptions): Promise<number>;
  abstract sendto(data: Uint8Array, to: SocketAddress, options?: CallOptions): Promise<number>;
  abstract recvfrom(size: number, options?: CallOptions): Promise<{ data: Uint8Array; from: SocketAddress }>;
  abstract shutdown(how: "read" | "write" | "both"): Promise<void>;
  abstract setsockopt<Name extends OptionName>(name: Name, value: SocketOptions[Name]): void;
  abstract getsockopt<Name extends OptionName>(name: Name): SocketOptions[Name];
  abstract takeError(): Errno | undefined;
  abstract read(into: Uint8Array, flags?: ReceiveFlags): number | Errno;
  abstract write(from: Uint8Array, flags?: SendFlags): number | Errno;
  abstract acceptNow(): Socket | Errno;
  abstract readFrom(into: Uint8Array): { length: number; from: SocketAddress } | Errno;
  abstract writeTo(from: Uint8Array, to: SocketAddress): number | Errno;

  protected get receivers(): Waiters {
    this.#receivers ??= new Waiters(this.table.waking);
    return this.#receivers;
  }

  protected get senders(): Waiters {
    this.#senders ??= new Waiters(this.table.waking);
    return this.#senders;
  }

  /** Tries the calls that wait again. */
  protected advance(): void {
    this.#senders?.advance();
    this.#receivers?.advance();
  }

  /** Our end as it is; undefined before it has a name. */
  protected abstract localName(): Endpoint | undefined;
  protected abstract peerName(): Endpoint | undefined;
  /** {@link poll} of a socket that is open. */
  protected abstract readiness(): Readiness;
  /** Lets go of the endpoint. @returns a promise when the close itself waits */
  protected abstract release(): Promise<void> | undefined;

  atMark(): boolean {
    return false;
  }

  recv(size: number, options?: ReceiveOptions): Promise<Uint8Array> {
    if (!Number.isInteger(size) || size < 0) return this.receivers.refused("EINVAL", "recv");
    const attempt = () => this.#receive(size, options);
    return this.#receiversOf(options).call({ syscall: "recv", attempt }, options, this.options.SO_RCVTIMEO);
  }

  /** Who waits for urgent data does not stand behind those who wait for other. */
  #receiversOf(flags: ReceiveFlags | undefined): Waiters {
    if (!flags?.outOfBand) return this.receivers;
    this.#urgentReceivers ??= new Waiters(this.table.waking);
    return this.#urgentReceivers;
  }

  #receive(size: number, flags: ReceiveFlags | undefined): Uint8Array | Errno {
    const piece = flags?.outOfBand ? undefined : this.takePiece(size);
    if (piece !== undefined) return piece;
    const length = this.read(this.scratch(size), flags);
    return typeof length === "string" ? length : this.table.scratch.slice(0, length);
  }

  /** What has arrived, where it can be had without a copy. */
  protected takePiece(_size: number): Uint8Array | undefined {
    return undefined;
  }

  protected scratch(size: number): Uint8Array {
    return size >= RECEIVE_PIECE ? this.table.scratch : this.table.scratch.subarray(0, size);
  }

  poll(): Readiness {
    if (this.closed) return { readable: true, writable: true, hangup: true, error: false, urgent: false };
    return this.readiness();
  }

  getsockname(): SocketAddress {
    if (this.closed) throw new SocketError("EBADF", "getsockname");
    return toText(this.localName() ?? { address: ANY, port: 0 });
  }

  getpeername(): SocketAddress {
    if (this.closed) throw new SocketError("EBADF", "getpeername");
    const peer = this.peerName();
    if (peer === undefined) throw new SocketError("ENOTCONN", "getpeername");
    return toText(peer);
  }

  close(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.closed = true;
    this.onReady = undefined;
    this.table.delete(this);
    const released = this.release();
    this.#receivers?.refuseAll("EBADF");
    this.#senders?.refuseAll("EBADF");
    this.#urgentReceivers?.refuseAll("EBADF");
    return released ?? Promise.resolve();
  }

  /** The endpoint's edge. One that comes from inside a call on this socket is told when the call is over. */
  protected readonly edge = (): void => {
    if (!this.#inside) this.#tell();
    else if (!this.#late) {
      this.#late = true;
      this.table.waking.after(0 as Duration, () => {
        this.#late = false;
        this.#tell();
      });
    }
  };

  #tell(): void {
    this.advance();
    this.#urgentReceivers?.advance();
    if (this.onReady === undefined) return;
    this.table.waking.wake(); // it may settle promises of the program's own
    this.onReady();
  }

  /** Does something with the endpoint, whose edges then have to wait. */
  protected inside<T>(work: () => T): T {
    const before = this.enter();
    try {
      return work();
    } finally {
      this.leave(before);
    }
  }

  /** The same without a closure, for the calls that carry data. @returns what {@link leave} is to be given */
  protected enter(): boolean {
    const before = this.#inside;
    this.#inside = true;
    return before;
  }

  protected leave(before: boolean): void {
    this.#inside = before;
  }

  /** Runs a call whose answer is there at once, or comes from the operating system. */
  protected answer(syscall: string, at: SocketAddress | undefined, work: () => Soon<Errno | undefined>): Promise<void> {
    return this.afterPending(() => {
      const answer = goOn(this.closed ? "EBADF" : work(), (errno) => {
        if (errno !== undefined) throw new SocketError(errno, syscall, at);
      });
      if (answer instanceof Promise) {
        this.comesLater(answer);
        return answer;
      }
      return Promise.resolve();
    });
  }

  /** Lets later calls wait for an answer. */
  protected comesLater(answer: Promise<unknown>): void {
    const clear = () => {
      this.pending = undefined;
    };
    this.pending = answer.then(clear, clear);
  }

  /** Runs a call after those whose answer is still to come. */
  protected afterPending<T>(call: () => Promise<T>): Promise<T> {
    if (this.pending !== undefined) return this.pending.then(() => this.afterPending(call));
    this.table.waking.wake();
    try {
      return call();
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/** Reads what a program wrote. @returns EINVAL when it is no address and port, as `inet_pton` would not read it */
export function toEndpoint(at: SocketAddress): Endpoint | "EINVAL" {
  const address = typeof at?.address === "string" ? parseIp(at.address) : undefined;
  return address === undefined || !isPort(at.port) ? "EINVAL" : { address, port: at.port };
}

/** The same for a destination, where `0.0.0.0` is this host, as on Linux. */
export function toDestination(at: SocketAddress): Endpoint | "EINVAL" {
  const to = toEndpoint(at);
  return to === "EINVAL" || to.address !== ANY ? to : { address: LOOPBACK, port: to.port };
}

export function toText(endpoint: Endpoint): SocketAddress {
  return { address: formatIp(endpoint.address), port: endpoint.port };
}
