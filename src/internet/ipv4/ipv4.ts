import { ANY, type IpAddress, ip, LOOPBACK } from "../../address/ip.ts";
import { contains, type Prefix } from "../../address/prefix.ts";
import type { Errno } from "../../base/errno.ts";
import type { Random } from "../../base/random.ts";
import type { Nic } from "../../link/nic.ts";
import type { DropReason } from "../../packet/drop-reason.ts";
import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import {
  EXCEEDED_REASSEMBLY,
  ICMP_TIME_EXCEEDED,
  ICMP_UNREACHABLE,
  UNREACHABLE_HOST,
  UNREACHABLE_PORT,
} from "../../wire/icmpv4.ts";
import {
  PROTOCOL_ICMP,
  readIpv4Destination,
  readIpv4HeaderLength,
  readIpv4Protocol,
  readIpv4Source,
} from "../../wire/ipv4.ts";
import { NEIGHBOR_UNRESOLVED } from "../icmpv4/failures.ts";
import { Icmpv4 } from "../icmpv4/icmp.ts";
import type { DeliveryFailure, Internet, OutputOptions, Route, Transport } from "../internet.ts";
import { Arp } from "../neighbor/arp.ts";
import type { NeighborSettings } from "../neighbor/neighbor-table.ts";
import { Forwarder } from "./forward.ts";
import { Identifications } from "./identification.ts";
import { Input } from "./input.ts";
import { Interface, type InterfaceSnapshot, Interfaces } from "./interface.ts";
import { Output } from "./output.ts";
import { PathMtus } from "./path-mtu.ts";
import { Reassembly, type ReassemblySettings } from "./reassembly.ts";
import type { Ipv4Route } from "./route.ts";
import { Routes } from "./routes.ts";
import { type RouteKind, type RouteSnapshot, RoutingTable } from "./routing-table.ts";

/** All hosts of a link (RFC 1112 §7.2); each belongs to it. */
const ALL_HOSTS = ip("224.0.0.1");

export interface Ipv4Options {
  /** The host's. */
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  readonly random: Random;
  /** The interface of the host's own addresses. */
  readonly loopback: Nic;
  /** Passes on what is for others. A host does not unless told (RFC 1122 §3.1). */
  readonly forwarding?: boolean | undefined;
  readonly neighborSettings?: Partial<NeighborSettings> | undefined;
  readonly reassemblySettings?: Partial<ReassemblySettings> | undefined;
}

/** Where a route leads: a gateway, an interface's link, or a refusal. */
export interface RouteTarget {
  readonly gateway?: IpAddress | undefined;
  /** The interface; found by the gateway unless given. */
  readonly nic?: Nic | undefined;
  readonly kind?: RouteKind | undefined;
  /** 0 unless told. */
  readonly metric?: number | undefined;
  /** What transports are told to use on it. */
  readonly congestionControl?: string | undefined;
}

export interface Ipv4Snapshot {
  readonly forwarding: boolean;
  readonly interfaces: readonly InterfaceSnapshot[];
  readonly routes: readonly RouteSnapshot[];
  readonly pathMtus: ReturnType<PathMtus["snapshot"]>;
  readonly reassembly: Reassembly["held"];
  readonly counters: Readonly<Record<string, number>>;
}

/** The Internet Protocol of one host (RFC 791, RFC 1122 §3): interfaces, routes, ICMP, and the ways up and down. */
export class Ipv4 implements Internet {
  readonly forwarding: boolean;
  readonly icmp: Icmpv4;
  readonly interfaces = new Interfaces();
  readonly #options: Ipv4Options;
  readonly #table = new RoutingTable();
  readonly #pathMtus: PathMtus;
  readonly #routes: Routes;
  readonly #reassembly: Reassembly;
  readonly #input: Input;
  readonly #output: Output;
  readonly #forwarder: Forwarder | undefined;
  readonly #transports: (Transport | undefined)[] = new Array(256).fill(undefined);

  constructor(options: Ipv4Options) {
    const { name, scheduler, pool, random } = options;
    this.#options = options;
    this.forwarding = options.forwarding ?? false;
    const loopback = new Interface(options.loopback, undefined);
    const { interfaces } = this;
    const isMember = (group: IpAddress) => group === ALL_HOSTS;
    this.#pathMtus = new PathMtus(scheduler, name, () => this.#routes.changed());
    this.#routes = new Routes({ interfaces, table: this.#table, pathMtus: this.#pathMtus, loopback });
    const identifications = new Identifications(random.stream("ip id"));
    const routes = this.#routes;
    this.#output = new Output({ pool, scheduler, routes, identifications, loopback, isMember });
    this.icmp = new Icmpv4({ owner: this, scheduler, pool, random: random.stream("icmp") });
    const { icmp } = this;
    this.#forwarder = this.forwarding ? new Forwarder({ routes, output: this.#output, icmp }) : undefined;
    this.#reassembly = new Reassembly({
      name,
      scheduler,
      pool,
      timedOut: (first) => icmp.sendError(first, ICMP_TIME_EXCEEDED, EXCEEDED_REASSEMBLY),
      settings: options.reassemblySettings,
    });
    this.#input = new Input({
      interfaces,
      icmp,
      reassembly: this.#reassembly,
      forwarder: this.#forwarder,
      transports: this.#transports,
      isMember,
    });
    this.register(PROTOCOL_ICMP, icmp);
    interfaces.add(loopback);
    interfaces.addAddress(loopback, LOOPBACK, 8);
  }

  /** Makes a Nic an interface. It has no address yet. */
  addInterface(nic: Nic): Interface {
    const { scheduler, pool, random, neighborSettings } = this.#options;
    const arp =
      nic.medium === "broadcast"
        ? new Arp({
            nic,
            scheduler,
            pool,
            random: random.stream(`arp ${nic.name}`),
            owner: this,
            settings: neighborSettings,
          })
        : undefined;
    const item = new Interface(nic, arp);
    this.interfaces.add(item);
    nic.onCarrier.push((up) => this.#carrierChanged(item, up));
    return item;
  }

  /** Takes an interface away, with its addresses and the routes by it. Its cable is out already. */
  removeInterface(nic: Nic): void {
    const item = this.interfaces.of(nic);
    if (item === undefined) return;
    for (const { address } of [...item.addresses]) this.deconfigure(nic, address);
    this.#table.remove(({ via }) => via === item);
    item.arp?.table.flush();
    this.interfaces.remove(item);
    this.#routes.changed();
  }

  /** An interface takes longer datagrams, or shorter ones only. */
  mtuChanged(): void {
    this.#routes.changed();
  }

  #carrierChanged({ arp, addresses }: Interface, up: boolean): void {
    this.#routes.changed();
    if (!up) arp?.table.flush();
    else for (const { address } of addresses) arp?.announce(address);
  }

  /**
   * Gives a Nic an address, and with it a route to its network.
   * @param length of the network's prefix, 0–32
   * @returns EINVAL when it is not an interface, or the address cannot be a host's; EADDRINUSE when it has it already
   */
  configure(nic: Nic, address: IpAddress, length: number): Errno | undefined {
    const item = this.interfaces.of(nic);
    if (item === undefined || !(length >= 0 && length <= 32) || !isHostAddress(address)) return "EINVAL";
    const entry = this.interfaces.addAddress(item, address, length);
    if (entry === undefined) return "EADDRINUSE";
    this.#table.add({
      prefix: entry.prefix,
      kind: "unicast",
      gateway: undefined,
      via: item,
      metric: 0,
      connected: true,
    });
    this.#routes.changed();
    if (nic.carrier) item.arp?.announce(address);
    return undefined;
  }

  /** Takes an address away, its route, and the routes by gateways that are out of reach without it. */
  deconfigure(nic: Nic, address: IpAddress): Errno | undefined {
    const item = this.interfaces.of(nic);
    const removed = item && this.interfaces.removeAddress(item, address);
    if (item === undefined || removed === undefined) return "EADDRNOTAVAIL";
    const stays = item.addresses.some(({ prefix }) => isSamePrefix(prefix, removed.prefix));
    if (!stays) {
      this.#table.remove(({ via, connected, prefix, gateway }) => {
        if (via !== item) return false;
        if (connected) return isSamePrefix(prefix, removed.prefix);
        return gateway !== undefined && !item.addresses.some((other) => contains(other.prefix, gateway));
      });
    }
    this.#routes.changed();
    return undefined;
  }

  /**
   * Adds a route.
   * @returns ENETUNREACH when the gateway is on no network of ours, EINVAL when there is nowhere to go, EADDRINUSE when
   *   the same route is there already
   */
  addRoute(prefix: Prefix, target: RouteTarget): Errno | undefined {
    const { gateway, nic, kind = "unicast", metric = 0, congestionControl } = target;
    let via = nic === undefined ? undefined : this.interfaces.of(nic);
    if (kind === "unicast" && via === undefined) {
      if (gateway === undefined) return "EINVAL";
      via = this.interfaces.all.find(({ addresses }) => addresses.some((other) => contains(other.prefix, gateway)));
      if (via === undefined) return "ENETUNREACH";
    }
    if (gateway !== undefined && this.isLocal(gateway)) return "EINVAL";
    const added = this.#table.add({ prefix, kind, gateway, via, metric, connected: false, congestionControl });
    this.#routes.changed();
    return added ? undefined : "EADDRINUSE";
  }

  /** Removes the routes to a prefix, or the one by that gateway. @returns ENETUNREACH when there is none */
  removeRoute(prefix: Prefix, gateway?: IpAddress): Errno | undefined {
    const count = this.#table.remove(
      (entry) =>
        !entry.connected && isSamePrefix(entry.prefix, prefix) && (gateway === undefined || entry.gateway === gateway),
    );
    this.#routes.changed();
    return count === 0 ? "ENETUNREACH" : undefined;
  }

  register(protocol: number, transport: Transport): void {
    this.#transports[protocol] = transport;
  }

  isLocal(address: IpAddress): boolean {
    return this.interfaces.isLocal(address);
  }

  isBroadcast(address: IpAddress): boolean {
    return this.interfaces.isBroadcast(address);
  }

  route(remote: IpAddress, local: IpAddress = ANY): Route | Errno {
    return local === ANY ? this.#routes.to(remote) : this.#routes.from(local, remote);
  }

  output(packet: Packet, route: Route, protocol: number, options: OutputOptions): Errno | undefined {
    return this.#output.send(packet, route as Ipv4Route, protocol, options);
  }

  confirm(route: Route): void {
    const { neighbor, via } = route as Ipv4Route;
    if (!neighbor.detached) via.arp?.table.confirm(neighbor);
  }

  doubt(route: Route): void {
    const { neighbor, via } = route as Ipv4Route;
    if (!neighbor.detached) via.arp?.table.doubt(neighbor);
  }

  reject(packet: Packet, nic: Nic, kind: "port-unreachable", reason: DropReason): void {
    packet.start = packet.network;
    if (kind === "port-unreachable") this.icmp.sendError(packet, ICMP_UNREACHABLE, UNREACHABLE_PORT);
    nic.drop(packet, reason);
  }

  /** Takes over what came in a frame of EtherType IPv4. @param group the frame went to a group of the link */
  receive(packet: Packet, nic: Nic, group: boolean): void {
    this.#input.receive(packet, nic, group);
  }

  /** Takes over what came in a frame of EtherType ARP. */
  receiveArp(packet: Packet, nic: Nic): void {
    const arp = this.interfaces.of(nic)?.arp;
    if (arp === undefined) nic.drop(packet, "unknown-ethertype");
    else arp.input(packet);
  }

  /** ARP's: which address of an interface asks for a neighbour. */
  askFrom(target: IpAddress, nic: Nic): IpAddress {
    return this.interfaces.of(nic)?.addressTowards(target) ?? ANY;
  }

  /** ARP's: takes over a packet whose next hop did not answer. */
  unresolved(packet: Packet, nic: Nic): void {
    const { view, start } = packet;
    const local = readIpv4Source(view, start);
    if (this.isLocal(local)) {
      const at = start + readIpv4HeaderLength(view, start);
      const report = {
        ...NEIGHBOR_UNRESOLVED,
        from: local,
        local,
        remote: readIpv4Destination(view, start),
        view,
        at,
        end: packet.end,
      };
      this.deliverFailure(readIpv4Protocol(view, start), report);
      this.icmp.raw.neighborUnresolved(packet);
    } else {
      this.icmp.sendError(packet, ICMP_UNREACHABLE, UNREACHABLE_HOST); // RFC 1812 §5.2.7.1
    }
    nic.drop(packet, "neighbor-unresolved");
  }

  /** ARP's: a next hop went out of reach or came back; another gateway may be the better one now. */
  neighborChanged(address: IpAddress): void {
    if (this.#table.usesGateway(address)) this.#routes.changed();
  }

  /** ICMP's: tells the transport whose datagram did not arrive. */
  deliverFailure(protocol: number, report: DeliveryFailure): void {
    this.#transports[protocol]?.failed(report);
  }

  /** ICMP's: asks the transport whether a datagram that is said to have been too long may be its own. */
  isInFlight(protocol: number, report: DeliveryFailure): boolean {
    return this.#transports[protocol]?.isInFlight(report) ?? false;
  }

  /** ICMP's: a datagram of ours was too long for a link on its way. */
  learnPathMtu(remote: IpAddress, length: number, nextHopMtu: number): boolean {
    return this.#pathMtus.learn(remote, length, nextHopMtu) !== undefined;
  }

  snapshot(): Ipv4Snapshot {
    return {
      forwarding: this.forwarding,
      interfaces: this.interfaces.snapshot(),
      routes: this.#table.snapshot(),
      pathMtus: this.#pathMtus.snapshot(),
      reassembly: this.#reassembly.held,
      counters: {
        ...this.#input.counters,
        ...this.#output.counters,
        forwarded: this.#forwarder?.counters.forwarded ?? 0,
        ...this.icmp.counters,
      },
    };
  }
}

function isSamePrefix(one: Prefix, other: Prefix): boolean {
  return one.address === other.address && one.length === other.length;
}

/** Whether an address can be one host's (RFC 1122 §3.2.1.3). */
function isHostAddress(address: IpAddress): boolean {
  return address >>> 24 !== 0 && address >>> 28 < 14;
}
