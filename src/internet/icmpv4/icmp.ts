import { ANY, type IpAddress, isLoopback, isMulticast, isReserved } from "../../address/ip.ts";
import { update } from "../../base/checksum.ts";
import type { Errno } from "../../base/errno.ts";
import type { Random } from "../../base/random.ts";
import type { Nic } from "../../link/nic.ts";
import { checksumOf } from "../../packet/checksum-mark.ts";
import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import {
  checkIcmp,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_HEADER_LENGTH,
  ICMP_PARAMETER_PROBLEM,
  ICMP_REDIRECT,
  ICMP_SOURCE_QUENCH,
  ICMP_TIME_EXCEEDED,
  ICMP_UNREACHABLE,
  isIcmpError,
  readIcmpCode,
  readIcmpIdentifier,
  readIcmpNextHopMtu,
  readIcmpSequence,
  readIcmpType,
  UNREACHABLE_FRAGMENTATION_NEEDED,
  writeIcmp,
} from "../../wire/icmpv4.ts";
import {
  IPV4_HEADER_LENGTH,
  IPV4_MAX_LENGTH,
  IPV4_OFFSET_MASK,
  PROTOCOL_ICMP,
  readIpv4Destination,
  readIpv4Fragment,
  readIpv4HeaderLength,
  readIpv4Length,
  readIpv4Protocol,
  readIpv4Source,
} from "../../wire/ipv4.ts";
import type { DeliveryFailure, OutputOptions, Route, Transport } from "../internet.ts";
import { reflectOptions } from "../ipv4/options.ts";
import { type EchoOptions, IcmpEcho } from "./echo.ts";
import { ErrorLimit } from "./error-limit.ts";
import { meaningOf } from "./failures.ts";
import { RawIcmp } from "./raw.ts";

/** The longest error, IPv4 header included; so much of the datagram is quoted (RFC 1812 §4.3.2.3). */
export const ERROR_LENGTH_LIMIT = 576;
/** Of a quoted transport header at least this much stands in an error (RFC 792). */
const QUOTED_LEAST = 8;
const HOP_LIMIT = 64;
/** Internetwork control (RFC 1812 §4.3.2.5). */
const ERROR_TRAFFIC_CLASS = 0xc0;
const ECHO_DATA_LIMIT = IPV4_MAX_LENGTH - IPV4_HEADER_LENGTH - ICMP_HEADER_LENGTH;

/** What ICMP asks of the network layer it is a part of (RFC 1122 §3.2.2). */
export interface IcmpOwner {
  route(remote: IpAddress, local?: IpAddress): Route | Errno;
  output(packet: Packet, route: Route, protocol: number, options: OutputOptions): Errno | undefined;
  isLocal(address: IpAddress): boolean;
  isBroadcast(address: IpAddress): boolean;
  /** Tells the transport of a protocol. */
  deliverFailure(protocol: number, report: DeliveryFailure): void;
  /** Asks the transport of a protocol. */
  isInFlight(protocol: number, report: DeliveryFailure): boolean;
  /** "Fragmentation needed" came in about a datagram in flight. @returns whether it makes sense */
  learnPathMtu(remote: IpAddress, length: number, nextHopMtu: number): boolean;
}

export interface IcmpOptions {
  readonly owner: IcmpOwner;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  readonly random: Random;
}

/** The control messages of IPv4 (RFC 792): echo, and errors both ways. */
export class Icmpv4 implements Transport {
  readonly counters = {
    errorsSent: 0,
    /** Not sent because of the rate limit. */
    errorsHeldBack: 0,
    errorsReceived: 0,
    echoRequestsReceived: 0,
    echoRepliesReceived: 0,
    /** Counted and ignored: routes are the owner's of the host, and a redirect is how a stranger would take them. */
    redirectsReceived: 0,
    /** Counted and ignored (RFC 6633). */
    sourceQuenchesReceived: 0,
  };
  /** Raw sockets. */
  readonly raw: RawIcmp;
  readonly #owner: IcmpOwner;
  readonly #scheduler: Scheduler;
  readonly #pool: PacketPool;
  readonly #random: Random;
  readonly #limit = new ErrorLimit();
  readonly #echoes = new Map<number, IcmpEcho>();

  constructor({ owner, scheduler, pool, random }: IcmpOptions) {
    this.#owner = owner;
    this.#scheduler = scheduler;
    this.#pool = pool;
    this.#random = random;
    this.raw = new RawIcmp({ owner, pool });
  }

  input(packet: Packet, nic: Nic) {
    const { view, start } = packet;
    const fault = checkIcmp(view, start, packet.end);
    if (fault !== undefined) return nic.drop(packet, fault === "checksum" ? "icmp-checksum" : "icmp-malformed");
    const heard = this.raw.hear(packet);
    switch (readIcmpType(view, start)) {
      case ICMP_ECHO_REQUEST:
        return this.#echoRequested(packet, nic);
      case ICMP_ECHO_REPLY:
        return this.#echoReplied(packet, nic, heard);
      case ICMP_UNREACHABLE:
      case ICMP_TIME_EXCEEDED:
      case ICMP_PARAMETER_PROBLEM:
        return this.#errorReceived(packet, nic);
      case ICMP_REDIRECT:
        this.counters.redirectsReceived++;
        break;
      case ICMP_SOURCE_QUENCH:
        this.counters.sourceQuenchesReceived++; // and no more (RFC 9293 §3.9.2.2, MUST-55; RFC 6633 §3)
        break;
    }
    nic.drop(packet, "icmp-ignored"); // an unknown type is discarded silently (RFC 1122 §3.2.2)
  }

  /**
   * Tells a datagram's sender that something is wrong with it, where that is allowed. The packet stays the caller's.
   * @param packet stands at its IPv4 header, with `source`, `destination` and `group` set
   * @param rest the four bytes whose meaning is the type's: an MTU, a pointer
   */
  sendError(packet: Packet, type: number, code: number, rest = 0): void {
    if (!this.#mayReport(packet)) return;
    const { start, source, destination } = packet;
    const own = this.#owner.isLocal(destination) ? destination : ANY;
    const route = this.#owner.route(source, own);
    if (typeof route === "string") return;
    const pathMtuMessage = type === ICMP_UNREACHABLE && code === UNREACHABLE_FRAGMENTATION_NEEDED;
    const exempt = pathMtuMessage || route.nic.medium === "loopback"; // as Linux: both are needed for things to work
    if (!exempt && !this.#limit.take(source, this.#scheduler.now)) {
      this.counters.errorsHeldBack++;
      return;
    }
    const quoted = Math.min(packet.end - start, ERROR_LENGTH_LIMIT - IPV4_HEADER_LENGTH - ICMP_HEADER_LENGTH);
    const error = this.#pool.allocate(ICMP_HEADER_LENGTH + quoted);
    error.end = error.start + ICMP_HEADER_LENGTH + quoted;
    error.bytes.set(packet.bytes.subarray(start, start + quoted), error.start + ICMP_HEADER_LENGTH);
    const { checksumAt } = packet;
    if (checksumAt !== 0 && checksumAt + 2 <= start + quoted) {
      error.view.setUint16(error.start + ICMP_HEADER_LENGTH + checksumAt - start, checksumOf(packet));
    }
    writeIcmp(error.view, error.start, error.end, type, code, rest);
    this.counters.errorsSent++;
    this.#owner.output(error, route, PROTOCOL_ICMP, {
      hopLimit: HOP_LIMIT,
      trafficClass: ERROR_TRAFFIC_CLASS,
      dontFragment: false,
    });
  }

  /** RFC 1122 §3.2.2: never about an error, a group's datagram, a later fragment, or to what is not one host. */
  #mayReport(packet: Packet): boolean {
    const { view, start, source } = packet;
    if (packet.group || source === ANY || isMulticast(source) || isReserved(source)) return false;
    if (this.#owner.isBroadcast(source)) return false;
    if (isLoopback(source) && !isLoopback(packet.destination) && !this.#owner.isLocal(packet.destination)) return false;
    if ((readIpv4Fragment(view, start) & IPV4_OFFSET_MASK) !== 0) return false;
    if (readIpv4Protocol(view, start) !== PROTOCOL_ICMP) return true;
    const at = start + readIpv4HeaderLength(view, start);
    return at < packet.end && !isIcmpError(readIcmpType(view, at));
  }

  /** RFC 1122 §3.2.2.6: the same data goes back, from the address that was asked; a group's request is ignored. */
  #echoRequested(packet: Packet, nic: Nic) {
    this.counters.echoRequestsReceived++;
    const route = packet.group ? undefined : this.#owner.route(packet.source, packet.destination);
    if (route === undefined || typeof route === "string") return nic.drop(packet, "icmp-ignored");
    const reply = this.#pool.allocate(packet.end - packet.start);
    reply.end = reply.start + (packet.end - packet.start);
    reply.bytes.set(packet.data(), reply.start);
    const { view, start } = reply;
    const before = view.getUint16(start);
    const now = before & 0xff; // the code stays
    view.setUint16(start, now);
    view.setUint16(start + 2, update(view.getUint16(start + 2), before, now));
    const { trafficClass, network, destination } = packet;
    const headerLength = readIpv4HeaderLength(packet.view, network);
    const headerOptions =
      headerLength > IPV4_HEADER_LENGTH
        ? reflectOptions(packet.view, network, headerLength, destination, this.#scheduler.now)
        : undefined;
    packet.release();
    const options = { hopLimit: HOP_LIMIT, trafficClass, dontFragment: false, headerOptions };
    this.#owner.output(reply, route, PROTOCOL_ICMP, options);
  }

  /** @param heard somebody who listens to all messages has it */
  #echoReplied(packet: Packet, nic: Nic, heard: boolean) {
    const { view, start } = packet;
    this.counters.echoRepliesReceived++;
    const echo = this.#echoes.get(readIcmpIdentifier(view, start));
    if (echo === undefined) return heard ? packet.release() : nic.drop(packet, "icmp-ignored");
    const reply = {
      from: packet.source,
      sequence: readIcmpSequence(view, start),
      data: packet.bytes.slice(start + ICMP_HEADER_LENGTH, packet.end),
      hopLimit: packet.hopLimit,
      at: this.#scheduler.now,
      headerOptions: packet.bytes.slice(packet.network + IPV4_HEADER_LENGTH, start),
    };
    packet.release();
    echo.onReply?.(reply);
  }

  /** RFC 1122 §3.2.2.1, §3.2.2.4, §3.2.2.5: the transport that sent the datagram is told. */
  #errorReceived(packet: Packet, nic: Nic) {
    const { view, start, end } = packet;
    const inner = start + ICMP_HEADER_LENGTH;
    const meaning = meaningOf(readIcmpType(view, start), readIcmpCode(view, start));
    if (end - inner < IPV4_HEADER_LENGTH) return nic.drop(packet, "icmp-malformed");
    const headerLength = readIpv4HeaderLength(view, inner);
    const at = inner + headerLength;
    const local = readIpv4Source(view, inner);
    const isQuote = view.getUint8(inner) >>> 4 === 4 && headerLength >= IPV4_HEADER_LENGTH;
    if (!isQuote || end - at < QUOTED_LEAST) return nic.drop(packet, "icmp-malformed");
    // About a datagram that we did not send, or in a code that nobody knows, there is nobody to tell.
    if (meaning === undefined || !this.#owner.isLocal(local) || packet.group) return nic.drop(packet, "icmp-ignored");
    this.counters.errorsReceived++;
    const remote = readIpv4Destination(view, inner);
    const { kind, errno, hard } = meaning;
    const report = { kind, errno, hard, from: packet.source, local, remote, view, at, end };
    const protocol = readIpv4Protocol(view, inner);
    if (kind === "packet-too-big") {
      const isBelieved =
        this.#owner.isInFlight(protocol, report) &&
        this.#owner.learnPathMtu(remote, readIpv4Length(view, inner), readIcmpNextHopMtu(view, start));
      if (!isBelieved) return nic.drop(packet, "icmp-ignored");
    }
    this.#owner.deliverFailure(protocol, report);
    packet.release();
  }

  /** Opens an endpoint for a ping program. @param identifier drawn unless given; undefined comes back when it is taken */
  openEcho(identifier = this.#freeIdentifier()): IcmpEcho | undefined {
    if (this.#echoes.has(identifier)) return undefined;
    const echo = new IcmpEcho(identifier, this.#sendEcho, (closed) => this.#echoes.delete(closed.identifier));
    this.#echoes.set(identifier, echo);
    return echo;
  }

  #freeIdentifier(): number {
    let identifier = this.#random.below(0x10000);
    for (let turn = 0; turn < 0x10000 && this.#echoes.has(identifier); turn++) identifier = (identifier + 1) & 0xffff;
    return identifier;
  }

  readonly #sendEcho = (
    echo: IcmpEcho,
    to: IpAddress,
    sequence: number,
    data: Uint8Array,
    options: EchoOptions,
  ): Errno | undefined => {
    if (data.length > ECHO_DATA_LIMIT) return "EMSGSIZE";
    const route = this.#owner.route(to, options.source);
    if (typeof route === "string") return route;
    if (route.group && !isMulticast(to) && options.broadcast !== true) return "EACCES";
    const packet = this.#pool.allocate(ICMP_HEADER_LENGTH + data.length);
    packet.end = packet.start + ICMP_HEADER_LENGTH + data.length;
    packet.bytes.set(data, packet.start + ICMP_HEADER_LENGTH);
    const rest = echo.identifier * 0x10000 + (sequence & 0xffff);
    writeIcmp(packet.view, packet.start, packet.end, ICMP_ECHO_REQUEST, 0, rest);
    return this.#owner.output(packet, route, PROTOCOL_ICMP, {
      hopLimit: options.hopLimit ?? HOP_LIMIT,
      trafficClass: options.trafficClass ?? 0,
      dontFragment: options.dontFragment ?? false,
      headerOptions: options.headerOptions,
    });
  };

  /** Of all our messages only requests may go uncut, and those only while their endpoint is open. */
  isInFlight({ view, at }: DeliveryFailure): boolean {
    return readIcmpType(view, at) === ICMP_ECHO_REQUEST && this.#echoes.has(readIcmpIdentifier(view, at));
  }

  /** A request of ours did not arrive. */
  failed({ view, at, kind, errno, from, remote }: DeliveryFailure): void {
    if (readIcmpType(view, at) !== ICMP_ECHO_REQUEST) return;
    const echo = this.#echoes.get(readIcmpIdentifier(view, at));
    echo?.onFailure?.({ sequence: readIcmpSequence(view, at), to: remote, from, kind, errno });
  }
}
