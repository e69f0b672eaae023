import type { Port } from "../../address/endpoint.ts";
import { ANY, type IpAddress, isMulticast } from "../../address/ip.ts";
import type { Errno } from "../../base/errno.ts";
import type { Nic } from "../../link/nic.ts";
import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import { ICMP_HEADER_LENGTH, ICMP_UNREACHABLE, UNREACHABLE_HOST, writeIcmp } from "../../wire/icmpv4.ts";
import {
  IPV4_HEADER_LENGTH,
  IPV4_MAX_LENGTH,
  PROTOCOL_ICMP,
  readIpv4Source,
  writeIpv4Header,
} from "../../wire/ipv4.ts";
import type { IcmpOwner } from "./icmp.ts";

/** Bytes of datagrams that wait to be received (Linux `net.core.rmem_default`). */
const RECEIVE_LIMIT = 212_992;
/** What a waiting datagram counts besides its bytes. */
const DATAGRAM_OVERHEAD = 256;
const HOP_LIMIT = 64;
const QUOTE_LIMIT = 548;

export interface RawIcmpParts {
  readonly owner: Pick<IcmpOwner, "route" | "output" | "isLocal">;
  readonly pool: PacketPool;
}

/** The raw sockets of a host for ICMP: each hears every ICMP message that comes in, and sends messages as they are. */
export class RawIcmp {
  readonly parts: RawIcmpParts;
  readonly #open = new Set<RawIcmpEndpoint>();

  constructor(parts: RawIcmpParts) {
    this.parts = parts;
  }

  open(): RawIcmpEndpoint {
    const endpoint = new RawIcmpEndpoint(this.parts, (closed) => this.#open.delete(closed));
    this.#open.add(endpoint);
    return endpoint;
  }

  /** Shows an intact message to all who listen. The packet stays the caller's. @returns whether somebody did */
  hear(packet: Packet): boolean {
    if (this.#open.size === 0) return false;
    return this.#deliver(packet.bytes.slice(packet.network, packet.end), packet.source, packet.destination);
  }

  /**
   * The next hop of a datagram of ours did not answer. Linux sends itself "host unreachable" then, and so tells those who
   * listen; here nothing goes over the loopback. @param packet stands at its IPv4 header and stays the caller's
   */
  neighborUnresolved(packet: Packet): void {
    if (this.#open.size === 0) return;
    const { view, start, end } = packet;
    const own = readIpv4Source(view, start);
    const quote = packet.bytes.subarray(start, Math.min(end, start + QUOTE_LIMIT));
    const length = IPV4_HEADER_LENGTH + ICMP_HEADER_LENGTH + quote.length;
    const datagram = new Uint8Array(length);
    datagram.set(quote, IPV4_HEADER_LENGTH + ICMP_HEADER_LENGTH);
    const written = new DataView(datagram.buffer);
    writeIcmp(written, IPV4_HEADER_LENGTH, length, ICMP_UNREACHABLE, UNREACHABLE_HOST, 0);
    writeIpv4Header(written, 0, length, 0xc0, 0, 0, HOP_LIMIT, PROTOCOL_ICMP, own, own);
    this.#deliver(datagram, own, own);
  }

  #deliver(datagram: Uint8Array, source: IpAddress, destination: IpAddress): boolean {
    let heard = false;
    for (const endpoint of [...this.#open]) heard = endpoint.deliver(datagram, source, destination) || heard;
    return heard;
  }
}

/** The non-blocking half of a raw ICMP socket. It has no ports: those given are ignored, and those told are 0. */
export class RawIcmpEndpoint {
  readonly #parts: RawIcmpParts;
  readonly #onClose: (endpoint: RawIcmpEndpoint) => void;
  localAddress: IpAddress = ANY;
  readonly localPort: Port = 0;
  #remote: IpAddress = ANY;
  #closed = false;
  /** Nobody else can have it, so it changes nothing. */
  reuse = false;
  broadcast = false;
  hopLimit = HOP_LIMIT;
  trafficClass = 0;
  receiveLimit = RECEIVE_LIMIT;
  onReady: (() => void) | undefined;
  #received: { readonly bytes: Uint8Array; readonly source: IpAddress }[] = [];
  #waiting = 0;
  #full: Nic | undefined;
  /** Errors come as messages, which are received like all others. */
  readonly error: Errno | undefined = undefined;

  constructor(parts: RawIcmpParts, onClose: (endpoint: RawIcmpEndpoint) => void) {
    this.#parts = parts;
    this.#onClose = onClose;
  }

  takeError(): undefined {
    return undefined;
  }

  get readable(): boolean {
    return this.#received.length > 0;
  }

  get writable(): boolean {
    return this.#full === undefined || !this.#full.isFull;
  }

  /** From now on only what goes to this address is heard, and it is sent from. @returns EADDRNOTAVAIL */
  bind(address: IpAddress, _port: Port): Errno | undefined {
    if (address !== ANY && !this.#parts.owner.isLocal(address)) return "EADDRNOTAVAIL";
    this.localAddress = address;
    return undefined;
  }

  /** From now on only what comes from this address is heard. @returns what the route says */
  connect(remote: IpAddress, _port: Port): Errno | undefined {
    const route = this.#parts.owner.route(remote, this.localAddress);
    if (typeof route === "string") return route;
    if (route.group && !isMulticast(remote) && !this.broadcast) return "EACCES";
    this.#remote = remote;
    return undefined;
  }

  /**
   * Sends one message, its checksum in it.
   * @returns its length; EAGAIN while the interface's queue is full, EMSGSIZE, EACCES for a broadcast, what the route says
   */
  send(data: Uint8Array, to?: { readonly address: IpAddress }): number | Errno {
    if (data.length > IPV4_MAX_LENGTH - IPV4_HEADER_LENGTH) return "EMSGSIZE";
    const { owner, pool } = this.#parts;
    const route = owner.route(to?.address ?? this.#remote, this.localAddress);
    if (typeof route === "string") return route;
    if (route.group && !isMulticast(route.remote) && !this.broadcast) return "EACCES";
    if (route.nic.isFull) {
      this.#full = route.nic;
      route.nic.whenRoom(this.#roomMade);
      return "EAGAIN";
    }
    const packet = pool.allocate(data.length);
    packet.end = packet.start + data.length;
    packet.bytes.set(data, packet.start);
    const { hopLimit, trafficClass } = this;
    const options = { hopLimit, trafficClass, dontFragment: false };
    return owner.output(packet, route, PROTOCOL_ICMP, options) ?? data.length;
  }

  readonly #roomMade = (): void => {
    this.#full = undefined;
    this.onReady?.();
  };

  /** Takes the oldest datagram from its IPv4 header on, cut to the buffer. @returns EAGAIN when none waits */
  receive(into: Uint8Array): { length: number; address: IpAddress; port: Port } | Errno {
    const next = this.#received.shift();
    if (next === undefined) return "EAGAIN";
    this.#waiting -= next.bytes.length + DATAGRAM_OVERHEAD;
    const length = Math.min(next.bytes.length, into.length);
    into.set(next.bytes.subarray(0, length));
    return { length, address: next.source, port: 0 };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onReady = undefined;
    this.#received = [];
    this.#onClose(this);
  }

  /** @returns whether it is for this endpoint, and there is room */
  deliver(bytes: Uint8Array, source: IpAddress, destination: IpAddress): boolean {
    if (this.localAddress !== ANY && this.localAddress !== destination) return false;
    if (this.#remote !== ANY && this.#remote !== source) return false;
    const size = bytes.length + DATAGRAM_OVERHEAD;
    // One always fits, however long (as Linux).
    if (this.#waiting > 0 && this.#waiting + size > this.receiveLimit) return false;
    this.#received.push({ bytes, source });
    this.#waiting += size;
    this.onReady?.();
    return true;
  }
}
