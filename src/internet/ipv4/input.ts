import { ANY, BROADCAST, type IpAddress, isLoopback, isMulticast, isReserved } from "../../address/ip.ts";
import type { Nic } from "../../link/nic.ts";
import type { DropReason } from "../../packet/drop-reason.ts";
import type { Packet } from "../../packet/packet.ts";
import {
  ICMP_PARAMETER_PROBLEM,
  ICMP_UNREACHABLE,
  UNREACHABLE_PROTOCOL,
  UNREACHABLE_SOURCE_ROUTE_FAILED,
} from "../../wire/icmpv4.ts";
import {
  checkIpv4Header,
  IPV4_HEADER_LENGTH,
  isIpv4Fragment,
  readIpv4Destination,
  readIpv4HeaderLength,
  readIpv4HopLimit,
  readIpv4Length,
  readIpv4Protocol,
  readIpv4Source,
  readIpv4TrafficClass,
} from "../../wire/ipv4.ts";
import { checkIpv4Options } from "../../wire/ipv4-options.ts";
import type { Icmpv4 } from "../icmpv4/icmp.ts";
import type { Transport } from "../internet.ts";
import type { Forwarder } from "./forward.ts";
import type { Interfaces } from "./interface.ts";
import { hasSourceRoute } from "./options.ts";
import type { Reassembly } from "./reassembly.ts";

export interface InputParts {
  readonly interfaces: Interfaces;
  readonly icmp: Icmpv4;
  readonly reassembly: Reassembly;
  /** Undefined on a host that passes nothing on. */
  readonly forwarder: Forwarder | undefined;
  /** By protocol number. */
  readonly transports: readonly (Transport | undefined)[];
  readonly isMember: (group: Packet["destination"]) => boolean;
}

/** The way up: checks, reassembly, the transport; or on to others. */
export class Input {
  readonly counters = { received: 0, delivered: 0, reassembled: 0 };
  readonly #interfaces: Interfaces;
  readonly #icmp: Icmpv4;
  readonly #reassembly: Reassembly;
  readonly #forwarder: Forwarder | undefined;
  readonly #transports: readonly (Transport | undefined)[];
  readonly #isMember: InputParts["isMember"];
  #knownSource: IpAddress = ANY;
  #knownDestination: IpAddress = ANY;
  #knownNic: Nic | undefined;
  #knownIn = -1;

  constructor({ interfaces, icmp, reassembly, forwarder, transports, isMember }: InputParts) {
    this.#interfaces = interfaces;
    this.#icmp = icmp;
    this.#reassembly = reassembly;
    this.#forwarder = forwarder;
    this.#transports = transports;
    this.#isMember = isMember;
  }

  /**
   * Takes over a frame's payload: the packet's `start` is the IPv4 header.
   * @param linkGroup the frame went to a group of the link
   */
  receive(packet: Packet, nic: Nic, linkGroup: boolean) {
    const { view, start } = packet;
    this.counters.received++;
    packet.network = start;
    const fault = checkIpv4Header(view, start, packet.end);
    if (fault !== undefined) return nic.drop(packet, fault === "checksum" ? "ip-checksum" : "ip-malformed");
    packet.end = start + readIpv4Length(view, start); // the rest is the link's padding
    const { source, destination } = this.#stamp(packet, linkGroup);
    const known = this.#isKnown(source, destination, nic);
    const bad = known ? undefined : this.#addressFault(packet, nic);
    if (bad !== undefined) return nic.drop(packet, bad);
    const headerLength = readIpv4HeaderLength(view, start);
    if (headerLength > IPV4_HEADER_LENGTH && !this.#acceptsOptions(packet, nic, headerLength)) return;
    if (known || this.#interfaces.isLocal(destination)) {
      // RFC 1122 §3.3.6: a frame for everybody with a datagram for one is nobody's.
      if (linkGroup) nic.drop(packet, "ip-link-broadcast");
      else {
        if (!known) this.#learn(source, destination, nic);
        this.#accept(packet, nic);
      }
    } else if (destination === BROADCAST || this.#interfaces.isBroadcast(destination) || this.#isMember(destination)) {
      packet.group = true;
      this.#accept(packet, nic);
    } else if (this.#forwarder !== undefined && !isMulticast(destination) && source !== ANY) {
      this.#forwarder.forward(packet, nic);
    } else {
      nic.drop(packet, "ip-not-local"); // RFC 1122 §3.2.1.3
    }
  }

  /** Whether the last datagram for us had the same addresses and came the same way: they were looked at then. */
  #isKnown(source: IpAddress, destination: IpAddress, nic: Nic): boolean {
    if (source !== this.#knownSource || destination !== this.#knownDestination || nic !== this.#knownNic) return false;
    return this.#knownIn === this.#interfaces.generation;
  }

  #learn(source: IpAddress, destination: IpAddress, nic: Nic): void {
    this.#knownSource = source;
    this.#knownDestination = destination;
    this.#knownNic = nic;
    this.#knownIn = this.#interfaces.generation;
  }

  #stamp(packet: Packet, linkGroup: boolean): Packet {
    const { view, start } = packet;
    packet.source = readIpv4Source(view, start);
    packet.destination = readIpv4Destination(view, start);
    packet.group = linkGroup;
    packet.trafficClass = readIpv4TrafficClass(view, start);
    packet.hopLimit = readIpv4HopLimit(view, start);
    return packet;
  }

  /** RFC 1122 §3.2.1.3: what may not be a source (RFC 9293 §3.9.2.3, MUST-63), and what may not come by a wire. */
  #addressFault({ source, destination }: Packet, nic: Nic): DropReason | undefined {
    if (isMulticast(source) || isReserved(source) || this.#interfaces.isBroadcast(source)) return "ip-martian-source";
    if (nic.medium === "loopback") return undefined;
    if (isLoopback(source) || isLoopback(destination)) return "ip-loopback-from-wire";
    // 0.0.0.0 asks for an address (DHCP); the rest of network 0 is nobody.
    if (source >>> 24 === 0 && !(source === ANY && destination === BROADCAST)) return "ip-martian-source";
    if (this.#interfaces.isLocal(source)) return "ip-martian-source";
    return undefined;
  }

  /** Whether the options let the packet go on; it is dropped when not. Unknown ones are ignored (RFC 1122 §3.2.1.8; MUST-50). */
  #acceptsOptions(packet: Packet, nic: Nic, headerLength: number): boolean {
    const { view, start } = packet;
    const wrong = checkIpv4Options(view, start, headerLength);
    if (wrong > 0) {
      this.#icmp.sendError(packet, ICMP_PARAMETER_PROBLEM, 0, wrong * 0x1000000); // RFC 1122 §3.2.2.5
      nic.drop(packet, "ip-malformed");
      return false;
    }
    if (!hasSourceRoute(view, start, headerLength)) return true;
    this.#icmp.sendError(packet, ICMP_UNREACHABLE, UNREACHABLE_SOURCE_ROUTE_FAILED); // RFC 1122 §3.3.5
    nic.drop(packet, "ip-source-route");
    return false;
  }

  #accept(packet: Packet, nic: Nic) {
    if (!isIpv4Fragment(packet.view, packet.start)) return this.#deliver(packet, nic);
    const whole = this.#reassembly.add(packet, nic);
    if (whole === undefined) return;
    this.counters.reassembled++;
    const { group } = whole;
    this.#stamp(whole, group);
    this.#deliver(whole, nic);
  }

  #deliver(packet: Packet, nic: Nic) {
    const { view, start } = packet;
    const transport = this.#transports[readIpv4Protocol(view, start)];
    if (transport === undefined) {
      this.#icmp.sendError(packet, ICMP_UNREACHABLE, UNREACHABLE_PROTOCOL); // RFC 1122 §3.2.2.1
      return nic.drop(packet, "ip-unknown-protocol");
    }
    this.counters.delivered++;
    packet.pull(readIpv4HeaderLength(view, start));
    transport.input(packet, nic);
  }
}
