import type { Port } from "../../address/endpoint.ts";
import { ANY, type IpAddress, isMulticast } from "../../address/ip.ts";
import type { Errno } from "../../base/errno.ts";
import type { Route } from "../../internet/internet.ts";
import type { Nic } from "../../link/nic.ts";
import type { Packet } from "../../packet/packet.ts";
import { PacketQueue } from "../../packet/packet-queue.ts";
import { UDP_HEADER_LENGTH } from "../../wire/udp.ts";
import type { Udp } from "./udp.ts";

/** The longest data of a datagram over IPv4: 65,535 less both headers. */
export const UDP_DATA_LIMIT = 65_507;
/** Bytes of datagrams that wait to be received (Linux `net.core.rmem_default`). */
export const RECEIVE_LIMIT = 212_992;
/** What a waiting datagram counts besides its data. */
export const DATAGRAM_OVERHEAD = 256;

/** A datagram that was received. */
export interface ReceivedDatagram {
  /** Bytes put into the buffer. */
  readonly length: number;
  /** Bytes the datagram had; more than `length` when it was cut. */
  readonly size: number;
  /** Who sent it. */
  readonly address: IpAddress;
  readonly port: Port;
  /** To which of our addresses, or to which group (RFC 1122 §4.1.3.5). */
  readonly destination: IpAddress;
  readonly trafficClass: number;
  readonly hopLimit: number;
}

/** One UDP socket's non-blocking half (RFC 768, RFC 1122 §4.1). No call waits, and none is refused by a throw. */
export class UdpEndpoint {
  readonly #udp: Udp;
  /** The address given to {@link bind}; a connection does not change it. */
  boundAddress: IpAddress = ANY;
  localAddress: IpAddress = ANY;
  /** 0 until bound. */
  localPort: Port = 0;
  remoteAddress: IpAddress = ANY;
  remotePort: Port = 0;
  connected = false;
  closed = false;
  /** Datagrams may go to broadcast addresses (SO_BROADCAST). */
  broadcast = false;
  /** Shares address and port with others that want the same (SO_REUSEADDR). */
  reuse = false;
  hopLimit = 64;
  trafficClass = 0;
  /** Datagrams are never cut (IP_PMTUDISC_DO); those too long for their path are refused with EMSGSIZE. */
  dontFragment = false;
  /** Options of the network header as they stand on the wire, at most 40 bytes (IP_OPTIONS; RFC 1122 §4.1.3.2). */
  headerOptions: Uint8Array | undefined;
  /** Datagrams carry a checksum (RFC 1122 §4.1.3.4). */
  checksum = true;
  /** Bytes that may wait to be received, each datagram's overhead counted (SO_RCVBUF). */
  receiveLimit = RECEIVE_LIMIT;
  /** Called when a call may do now what it did not do before: an edge, never from inside another call here. */
  onReady: (() => void) | undefined;
  #error: Errno | undefined;
  /** The port was asked for by bind, so it stays when the connection is dissolved. */
  #portGiven = false;
  readonly #received = new PacketQueue();
  #route: Route | undefined;
  /** The Nic whose queue was full when a send was refused. */
  #full: Nic | undefined;

  constructor(udp: Udp) {
    this.#udp = udp;
  }

  get bound(): boolean {
    return this.localPort !== 0;
  }

  /** What an ICMP error said of a datagram sent on this connection; {@link takeError} clears it. */
  get error(): Errno | undefined {
    return this.#error;
  }

  takeError(): Errno | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  /** A receive would give a datagram or an error. */
  get readable(): boolean {
    return this.#received.head !== null || this.#error !== undefined;
  }

  /** A send would not be refused with EAGAIN. */
  get writable(): boolean {
    return this.#full === undefined || !this.#full.isFull;
  }

  /** Datagrams that wait to be received. */
  get waiting(): { readonly datagrams: number; readonly bytes: number } {
    return { datagrams: this.#received.count, bytes: this.#received.bytes };
  }

  /**
   * Takes a local address and port.
   * @param address ANY for all of ours; a group's for what is sent to the group
   * @param port 0 chooses one
   * @returns EINVAL when already bound, EADDRNOTAVAIL, EADDRINUSE, EBADF
   */
  bind(address: IpAddress, port: Port, options: { readonly reuse?: boolean } = {}): Errno | undefined {
    if (this.closed) return "EBADF";
    if (this.bound) return "EINVAL";
    this.reuse = options.reuse ?? this.reuse;
    const refusal = this.#udp.bind(this, address, port);
    if (refusal === undefined) this.#portGiven = port !== 0;
    return refusal;
  }

  /**
   * Sets the only peer: datagrams come from it alone, and its errors are told. May be called again.
   * @returns ENETUNREACH, EHOSTUNREACH, EACCES for a broadcast address without permission, EADDRINUSE, EINVAL, EBADF
   */
  connect(remote: IpAddress, port: Port): Errno | undefined {
    if (this.closed) return "EBADF";
    if (port === 0) return "EINVAL";
    const route = this.#udp.route(remote, this.boundAddress);
    if (typeof route === "string") return route;
    if (!this.#mayGo(route)) return "EACCES";
    const refusal = this.bound ? undefined : this.#udp.bind(this, ANY, 0);
    if (refusal !== undefined) return refusal;
    this.#udp.reconnect(this, () => {
      this.localAddress = this.boundAddress === ANY ? route.local : this.boundAddress;
      this.remoteAddress = route.remote;
      this.remotePort = port;
      this.connected = true;
    });
    return undefined;
  }

  /** Dissolves the connection (`connect` with AF_UNSPEC). A port that the system chose is given up, as on Linux. */
  disconnect(): void {
    if (!this.connected) return;
    this.#udp.reconnect(this, () => {
      this.connected = false;
      this.localAddress = this.boundAddress;
      this.remoteAddress = ANY;
      this.remotePort = 0;
    });
    if (!this.#portGiven && this.boundAddress === ANY) this.#udp.unbind(this);
  }

  /**
   * Sends one datagram.
   * @param to the peer of the connection unless given
   * @returns its length; or EAGAIN while the interface's queue is full ({@link onReady} tells when it is not any more),
   *   EMSGSIZE, EDESTADDRREQ, EACCES, ENETUNREACH, EHOSTUNREACH, the pending error, EBADF
   */
  send(data: Uint8Array, to?: { readonly address: IpAddress; readonly port: Port }): number | Errno {
    if (this.closed) return "EBADF";
    if (this.#error !== undefined) return this.takeError() as Errno;
    const address = to?.address ?? this.remoteAddress;
    const port = to?.port ?? this.remotePort;
    if (to === undefined && !this.connected) return "EDESTADDRREQ";
    if (port === 0) return "EINVAL";
    if (data.length > UDP_DATA_LIMIT) return "EMSGSIZE";
    const refusal = this.bound ? undefined : this.#udp.bind(this, ANY, 0);
    if (refusal !== undefined) return refusal;
    const route = this.#routeTo(address);
    if (typeof route === "string") return route;
    if (!this.#mayGo(route)) return "EACCES";
    if (!hasRoom(route, data.length + UDP_HEADER_LENGTH)) {
      this.#full = route.nic;
      route.nic.whenRoom(this.#roomMade);
      return "EAGAIN";
    }
    return this.#udp.send(this, route, port, data) ?? data.length;
  }

  /** A bound endpoint keeps the route it used last; for others the network layer does. */
  #routeTo(address: IpAddress): Route | Errno {
    const kept = this.#route;
    if (kept?.remote === address && kept.local === this.localAddress) return kept;
    const route = this.#udp.route(address, this.localAddress);
    if (typeof route !== "string" && this.localAddress !== ANY) this.#route = route;
    return route;
  }

  #mayGo(route: Route): boolean {
    return this.broadcast || !route.group || isMulticast(route.remote);
  }

  readonly #roomMade = (): void => {
    this.#full = undefined;
    if (!this.closed) this.onReady?.();
  };

  /**
   * Calls back once, by an event of its own, when a send would not be refused with EAGAIN. {@link onReady} is called then
   * in any case.
   */
  whenWritable(waiter: () => void): void {
    this.#full?.whenRoom(waiter);
  }

  /** Takes the oldest datagram, cut to the buffer. @returns EAGAIN when none waits; the pending error; EBADF */
  receive(into: Uint8Array): ReceivedDatagram | Errno {
    if (this.closed) return "EBADF";
    if (this.#error !== undefined) return this.takeError() as Errno;
    const packet = this.#received.shift();
    if (packet === null) return "EAGAIN";
    const { view, start, end, source, destination, trafficClass, hopLimit } = packet;
    const from = start + UDP_HEADER_LENGTH;
    const size = end - from;
    const length = Math.min(size, into.length);
    into.set(packet.bytes.subarray(from, from + length));
    const port = view.getUint16(start);
    packet.release();
    return { length, size, address: source, port, destination, trafficClass, hopLimit };
  }

  /** Ends it; datagrams that wait are gone. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onReady = undefined;
    if (this.bound) this.#udp.unbind(this);
    for (let packet = this.#received.shift(); packet !== null; packet = this.#received.shift()) packet.release();
  }

  /** The demultiplexer's: takes over a datagram that stands at its UDP header. @returns false when there is no room */
  deliver(packet: Packet): boolean {
    const { count, bytes } = this.#received;
    // One always fits, however long (as Linux).
    const held = bytes + count * DATAGRAM_OVERHEAD;
    if (count > 0 && held + (packet.end - packet.start) + DATAGRAM_OVERHEAD > this.receiveLimit) return false;
    this.#received.push(packet);
    this.onReady?.();
    return true;
  }

  /** The demultiplexer's: a datagram of this connection did not arrive. */
  fail(error: Errno): void {
    this.#error = error;
    this.onReady?.();
  }
}

/** Whether the Nic takes the datagram, all its fragments; an idle one takes what it can. */
function hasRoom({ nic, payloadLimit }: Route, length: number): boolean {
  if (nic.isFull) return false;
  if (length <= payloadLimit) return true;
  const { packets } = nic.queued;
  return packets === 0 || packets + Math.ceil(length / (payloadLimit & ~7)) <= nic.queueLimit;
}
