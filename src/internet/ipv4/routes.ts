import { ANY, BROADCAST, type IpAddress, isLoopback, isMulticast, LOOPBACK } from "../../address/ip.ts";
import { BROADCAST_MAC, type MacAddress } from "../../address/mac.ts";
import type { Errno } from "../../base/errno.ts";
import { ETHERTYPE_IPV4 } from "../../wire/ethernet.ts";
import { type Neighbor, permanentNeighbor } from "../neighbor/neighbor.ts";
import type { Interface, Interfaces } from "./interface.ts";
import type { PathMtus } from "./path-mtu.ts";
import { type Hop, Ipv4Route, type RouteFinder } from "./route.ts";
import type { RouteKind, RoutingEntry, RoutingTable } from "./routing-table.ts";

/** Destinations whose route is remembered (RFC 1122 §3.3.1.2); all are forgotten when there are more. */
export const ROUTE_CACHE_LIMIT = 4096;

/** What a sender is told of a route that refuses (Linux `fib_props`). */
const REFUSALS: Readonly<Record<Exclude<RouteKind, "unicast">, Errno>> = {
  unreachable: "EHOSTUNREACH",
  prohibit: "EACCES",
  blackhole: "EINVAL",
};

export interface RoutesOptions {
  readonly interfaces: Interfaces;
  readonly table: RoutingTable;
  readonly pathMtus: PathMtus;
  /** The interface of the host's own addresses. */
  readonly loopback: Interface;
}

/** Finds the way to an address: next hop, interface, source address and path MTU (RFC 1122 §3.3.1). */
export class Routes implements RouteFinder {
  generation = 0;
  readonly #interfaces: Interfaces;
  readonly #table: RoutingTable;
  readonly #pathMtus: PathMtus;
  readonly #loopback: Interface;
  readonly #loopbackNeighbor: Neighbor;
  /** By destination, for senders that are not bound to an address. */
  readonly #cache = new Map<IpAddress, Ipv4Route>();

  constructor({ interfaces, table, pathMtus, loopback }: RoutesOptions) {
    this.#interfaces = interfaces;
    this.#table = table;
    this.#pathMtus = pathMtus;
    this.#loopback = loopback;
    this.#loopbackNeighbor = permanentNeighbor(LOOPBACK, loopback.nic.mac, loopback.nic.mac, ETHERTYPE_IPV4);
  }

  /** Something that routes were made from has changed. */
  changed(): void {
    this.generation++;
    this.#cache.clear();
  }

  /** The route of a sender that is bound to no address, from the cache where it is there. */
  to(remote: IpAddress): Ipv4Route | Errno {
    const cached = this.#cache.get(remote);
    if (cached !== undefined) return cached;
    const target = remote === ANY ? LOOPBACK : remote; // "this host" as a destination, as Linux has it
    const hop = this.#hop(target, ANY);
    if (typeof hop === "string") return hop;
    const route = new Ipv4Route(this, this.#source(target, hop), target, hop);
    if (this.#cache.size >= ROUTE_CACHE_LIMIT) this.#cache.clear();
    this.#cache.set(remote, route);
    return route;
  }

  /** The route of a sender that is bound to one of our addresses. */
  from(local: IpAddress, remote: IpAddress): Ipv4Route | Errno {
    if (!this.#interfaces.isLocal(local)) return "EADDRNOTAVAIL";
    // Most are bound to the address that would have been chosen, as is who answers: they share that route.
    const usual = remote === ANY ? undefined : this.to(remote);
    if (typeof usual === "object" && usual.local === local && !usual.group) return usual;
    const target = remote === ANY ? local : remote;
    const hop = this.#hop(target, local);
    if (typeof hop === "string") return hop;
    if (isLoopback(local) && hop.via !== this.#loopback) return "EINVAL"; // RFC 1122 §3.2.1.3 (g): never outside a host
    return new Ipv4Route(this, local, target, hop);
  }

  refresh(route: Ipv4Route): void {
    this.renew(route);
  }

  /** Brings a route up to date. @returns why it no longer leads anywhere */
  renew(route: Ipv4Route): Errno | undefined {
    if (route.local !== ANY && !this.#interfaces.isLocal(route.local)) return "EADDRNOTAVAIL";
    const hop = this.#hop(route.remote, route.local);
    if (typeof hop === "string") return hop;
    route.update(hop);
    return undefined;
  }

  #hop(remote: IpAddress, local: IpAddress): Hop | Errno {
    if (this.#interfaces.isLocal(remote)) {
      return this.#onLink(this.#loopback, remote, false, this.#loopbackNeighbor);
    }
    if (remote === BROADCAST || isMulticast(remote)) {
      const via =
        this.#interfaces.holding(local) ?? this.#table.find(remote, this.#isAlive)?.via ?? this.#firstOutside();
      if (via === undefined) return "ENETUNREACH";
      return this.#onLink(via, remote, true, this.#groupNeighbor(via, remote));
    }
    const net = this.#interfaces.broadcasting(remote);
    if (net !== undefined) return this.#onLink(net, remote, true, this.#groupNeighbor(net, remote));
    const entry = this.#table.find(remote, this.#isAlive);
    if (entry === undefined) return "ENETUNREACH";
    if (entry.kind !== "unicast" || entry.via === undefined) {
      return entry.kind === "unicast" ? "ENETUNREACH" : REFUSALS[entry.kind];
    }
    const { via, congestionControl } = entry;
    const pathMtu = this.#pathMtus.get(remote);
    const pathMtuFloored = this.#pathMtus.isFloored(remote);
    const line = via.arp === undefined ? this.#groupNeighbor(via, BROADCAST) : undefined;
    const nextHop = entry.gateway ?? remote;
    return { via, nextHop, group: false, pathMtu, pathMtuFloored, neighbor: line, congestionControl };
  }

  #onLink(via: Interface, nextHop: IpAddress, group: boolean, neighbor: Neighbor): Hop {
    return { via, nextHop, group, pathMtu: Number.POSITIVE_INFINITY, pathMtuFloored: false, neighbor };
  }

  #groupNeighbor(via: Interface, group: IpAddress): Neighbor {
    const mac = via === this.#loopback ? via.nic.mac : isMulticast(group) ? multicastMac(group) : BROADCAST_MAC;
    return permanentNeighbor(group, mac, via.nic.mac, ETHERTYPE_IPV4);
  }

  /** RFC 1122 §3.3.4.3: an address of the interface by which the datagram leaves, in the next hop's network if possible. */
  #source(remote: IpAddress, { via, nextHop }: Hop): IpAddress {
    if (via === this.#loopback) return remote;
    const own = via.addressTowards(nextHop);
    return own === ANY ? (this.#firstOutside()?.addresses[0]?.address ?? ANY) : own;
  }

  #firstOutside(): Interface | undefined {
    return this.#interfaces.all.find((item) => item !== this.#loopback && item.addresses.length > 0);
  }

  /** A route works unless its link is down or its gateway did not answer. */
  readonly #isAlive = ({ via, gateway }: RoutingEntry): boolean => {
    if (via === undefined) return true;
    if (!via.nic.carrier) return false;
    return gateway === undefined || via.arp?.table.get(gateway)?.state !== "FAILED";
  };
}

/** 01:00:5e and the low 23 bits of the group's address (RFC 1112 §6.4). */
export function multicastMac(group: IpAddress): MacAddress {
  return (0x01005e000000 + (group & 0x7fffff)) as MacAddress;
}
