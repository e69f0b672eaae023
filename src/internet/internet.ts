import type { IpAddress } from "../address/ip.ts";
import type { Errno } from "../base/errno.ts";
import type { Nic } from "../link/nic.ts";
import type { DropReason } from "../packet/drop-reason.ts";
import type { Packet } from "../packet/packet.ts";

/** What a transport asks of the layer below it. The family is hidden behind the address. */
export interface Internet {
  /**
   * Finds the way to an address: route, source address and path MTU (RFC 1122 §3.3.1, §3.3.4.2).
   * @param local the source address the caller is bound to; ANY lets the route choose
   * @returns ENETUNREACH without a route, EADDRNOTAVAIL when `local` is not ours
   */
  route(remote: IpAddress, local?: IpAddress): Route | Errno;
  /** Whether an address is one of this host's own, loopback included. */
  isLocal(address: IpAddress): boolean;
  /**
   * Sends a packet whose `start` is its transport header, and takes it over. A route that was found before the routing
   * table or a path MTU changed is found again here.
   * @returns an errno when the packet could not be sent; it is released all the same
   */
  output(packet: Packet, route: Route, protocol: number, options: OutputOptions): Errno | undefined;
  /**
   * Takes back a packet that was handed up and tells its sender that there is nobody for it (ICMP; RFC 1122 §3.2.2.1,
   * where it may), then drops it.
   */
  reject(packet: Packet, nic: Nic, kind: "port-unreachable", reason: DropReason): void;
  /** Advice from above: the remote has answered, so the next hop is alive (RFC 1122 §2.3.2.1 (4)). Costs next to nothing. */
  confirm(route: Route): void;
  /**
   * Advice from above: the remote does not answer, so the next hop may be dead; it is asked (RFC 1122 §3.3.1.4; RFC 9293
   * §3.8.3, MUST-20).
   */
  doubt(route: Route): void;
  /** Plugs in a transport (device/ does). */
  register(protocol: number, transport: Transport): void;
}

/** A way to a remote address, kept by a connection and handed back with each packet. */
export interface Route {
  readonly local: IpAddress;
  readonly remote: IpAddress;
  /** Largest network payload (transport header and data) that goes to the remote in one piece. Changes with the path MTU. */
  readonly payloadLimit: number;
  /** The same over the first hop alone: what a peer may send us in one piece (the base of the MSS option). */
  readonly receiveLimit: number;
  /** The remote is a broadcast or multicast address. */
  readonly group: boolean;
  /** Where packets leave, for back-pressure. */
  readonly nic: Nic;
  /** How a transport is to avoid congestion on it, in the transport's own words (Linux: `ip route … congctl`). */
  readonly congestionControl?: string | undefined;
}

export interface OutputOptions {
  readonly hopLimit: number;
  readonly trafficClass: number;
  /**
   * Do not fragment, here or on the way; too long a packet is refused with EMSGSIZE. One that only wants it may be cut all
   * the same where a path is said to carry less than the network layer believes (Linux IP_PMTUDISC_WANT, `min_pmtu`).
   */
  readonly dontFragment: boolean | "want";
  /** Options of the network header as they stand on the wire, at most 40 bytes (RFC 1122 §3.2.1.8); none unless given. */
  readonly headerOptions?: Uint8Array | undefined;
}

/** A protocol above the network layer, under its protocol number. */
export interface Transport {
  /**
   * Takes over a packet for this host: `start` is the transport header, `end` the end of the datagram; `source`,
   * `destination`, `group`, `trafficClass`, `hopLimit` and `network` are filled in.
   * @param nic where it came in, and where it is dropped when it must be; whether it is `inBatch`
   */
  input(packet: Packet, nic: Nic): void;
  /**
   * Whether a datagram that is said to have been too long may be one of this transport's that is under way. An error is
   * easily forged, so a path MTU is learnt only when it is (RFC 5927 §7); then {@link failed} is told, as of any error.
   */
  isInFlight(report: DeliveryFailure): boolean;
  /** A datagram of ours did not arrive. */
  failed(report: DeliveryFailure): void;
}

/** What an ICMP error says, in words of no family. */
export interface DeliveryFailure {
  readonly kind:
    | "network-unreachable"
    | "host-unreachable"
    | "protocol-unreachable"
    | "port-unreachable"
    | "packet-too-big"
    | "source-route-failed"
    | "prohibited"
    | "hop-limit-exceeded"
    | "reassembly-timeout"
    | "parameter-problem"
    | "neighbor-unresolved";
  /** What a socket is told, as Linux maps it. */
  readonly errno: Errno;
  /** Whether it ends a connection attempt (Linux: `icmp_err_convert[].fatal`). */
  readonly hard: boolean;
  /** Who said so. */
  readonly from: IpAddress;
  /** Our end and the far end of the datagram that did not arrive. */
  readonly local: IpAddress;
  readonly remote: IpAddress;
  /** The first bytes of its transport header, at least 8, and where they start. */
  readonly view: DataView;
  readonly at: number;
  readonly end: number;
}
