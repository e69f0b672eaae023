import type { IpAddress } from "../../address/ip.ts";
import type { Nic } from "../../link/nic.ts";
import { IPV4_HEADER_LENGTH } from "../../wire/ipv4.ts";
import type { Route } from "../internet.ts";
import { type Neighbor, unknownNeighbor } from "../neighbor/neighbor.ts";
import type { Interface } from "./interface.ts";

/** Where datagrams to an address go: the answer of the routing table. */
export interface Hop {
  readonly via: Interface;
  readonly nextHop: IpAddress;
  readonly group: boolean;
  readonly pathMtu: number;
  readonly pathMtuFloored: boolean;
  /** For destinations that need no question; undefined when the interface's table knows. */
  readonly neighbor: Neighbor | undefined;
  readonly congestionControl?: string | undefined;
}

/** Finds routes anew. */
export interface RouteFinder {
  /** Counts the changes of everything that a route was made from. */
  readonly generation: number;
  /** Brings a route up to date; one whose destination cannot be reached any more stays as it was. */
  refresh(route: Ipv4Route): void;
}

/**
 * A way to a destination with the next hop's link header at hand. Kept by connections for as long as they live, it is
 * brought up to date when its generation has passed; only the local address stays, for it names a conversation.
 */
export class Ipv4Route implements Route {
  readonly local: IpAddress;
  readonly remote: IpAddress;
  readonly #finder: RouteFinder;
  generation: number;
  via: Interface;
  nic: Nic;
  nextHop: IpAddress;
  neighbor: Neighbor;
  group: boolean;
  /** Infinite when nothing is known of it. */
  pathMtu: number;
  /** Somebody says that the path carries less than we believe. */
  pathMtuFloored: boolean;
  readonly congestionControl: string | undefined;

  constructor(finder: RouteFinder, local: IpAddress, remote: IpAddress, hop: Hop) {
    this.#finder = finder;
    this.local = local;
    this.remote = remote;
    this.generation = finder.generation;
    this.via = hop.via;
    this.nic = hop.via.nic;
    this.nextHop = hop.nextHop;
    this.neighbor = hop.neighbor ?? unknownNeighbor(hop.nextHop);
    this.group = hop.group;
    this.pathMtu = hop.pathMtu;
    this.pathMtuFloored = hop.pathMtuFloored;
    this.congestionControl = hop.congestionControl;
  }

  /** Takes over what the routing table says now. */
  update(hop: Hop): void {
    this.generation = this.#finder.generation;
    if (hop.neighbor !== undefined || hop.via !== this.via || hop.nextHop !== this.nextHop) {
      this.neighbor = hop.neighbor ?? unknownNeighbor(hop.nextHop);
    }
    this.via = hop.via;
    this.nic = hop.via.nic;
    this.nextHop = hop.nextHop;
    this.group = hop.group;
    this.pathMtu = hop.pathMtu;
    this.pathMtuFloored = hop.pathMtuFloored;
  }

  /** The longest datagram that reaches the remote in one piece. */
  get mtu(): number {
    return Math.min(this.via.mtu, this.pathMtu);
  }

  get payloadLimit(): number {
    if (this.generation !== this.#finder.generation) this.#finder.refresh(this);
    return this.mtu - IPV4_HEADER_LENGTH;
  }

  get receiveLimit(): number {
    if (this.generation !== this.#finder.generation) this.#finder.refresh(this);
    return this.via.mtu - IPV4_HEADER_LENGTH;
  }
}
