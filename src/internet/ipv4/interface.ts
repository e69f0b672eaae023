import { ANY, BROADCAST, type IpAddress, isLoopback } from "../../address/ip.ts";
import { broadcastOf, contains, formatPrefix, type Prefix, prefixOf } from "../../address/prefix.ts";
import type { Nic } from "../../link/nic.ts";
import { IPV4_MAX_LENGTH } from "../../wire/ipv4.ts";
import type { Arp } from "../neighbor/arp.ts";

/** An address of an interface and the network it lies in. */
export interface InterfaceAddress {
  readonly address: IpAddress;
  readonly prefix: Prefix;
  /** All hosts of the network; undefined where there is none: /31 and /32. */
  readonly broadcast: IpAddress | undefined;
}

/** IPv4 configured on a Nic. */
export class Interface {
  readonly nic: Nic;
  /** Undefined on links that resolve no neighbours. */
  readonly arp: Arp | undefined;
  readonly addresses: InterfaceAddress[] = [];

  constructor(nic: Nic, arp: Arp | undefined) {
    this.nic = nic;
    this.arp = arp;
  }

  /** The longest datagram that goes out in one piece. */
  get mtu(): number {
    return Math.min(this.nic.mtu, IPV4_MAX_LENGTH);
  }

  /** Our address in the network where a neighbour is, else the first; ANY when there is none. */
  addressTowards(neighbor: IpAddress): IpAddress {
    const near = this.addresses.find(({ prefix }) => contains(prefix, neighbor)) ?? this.addresses[0];
    return near?.address ?? ANY;
  }
}

/** The interfaces of a host, and which addresses are its own. */
export class Interfaces {
  readonly all: Interface[] = [];
  /** Counts the changes of addresses. */
  generation = 0;
  readonly #byNic = new Map<Nic, Interface>();
  /** Addresses by the interface they are on. */
  readonly #local = new Map<IpAddress, Interface>();
  /** Broadcast addresses, in both forms: all ones and, as 4.2BSD had it, all zeros (RFC 1122 §3.3.6). */
  readonly #broadcast = new Map<IpAddress, Interface>();

  add(item: Interface): void {
    this.all.push(item);
    this.#byNic.set(item.nic, item);
  }

  remove(item: Interface): void {
    this.all.splice(this.all.indexOf(item), 1);
    this.#byNic.delete(item.nic);
    this.#index();
  }

  of(nic: Nic): Interface | undefined {
    return this.#byNic.get(nic);
  }

  /** The interface that has an address. */
  holding(address: IpAddress): Interface | undefined {
    return this.#local.get(address);
  }

  /** Whether an address is the host's own; all of 127/8 is (RFC 1122 §3.2.1.3 (g)). */
  isLocal(address: IpAddress): boolean {
    return this.#local.has(address) || isLoopback(address);
  }

  /** The interface in whose network an address means all hosts. */
  broadcasting(address: IpAddress): Interface | undefined {
    return this.#broadcast.get(address);
  }

  /** Whether an address means all hosts of a network of ours (RFC 1122 §3.2.1.3 (c), (d)). */
  isBroadcast(address: IpAddress): boolean {
    return address === BROADCAST || this.#broadcast.has(address);
  }

  /** Gives an interface an address. @returns what was entered, or undefined when it has it already */
  addAddress(item: Interface, address: IpAddress, length: number): InterfaceAddress | undefined {
    if (item.addresses.some((other) => other.address === address)) return undefined;
    const prefix = prefixOf(address, length);
    const entry = { address, prefix, broadcast: broadcastOf(prefix) };
    item.addresses.push(entry);
    this.#index();
    return entry;
  }

  /** @returns what was removed */
  removeAddress(item: Interface, address: IpAddress): InterfaceAddress | undefined {
    const index = item.addresses.findIndex((entry) => entry.address === address);
    if (index < 0) return undefined;
    const [removed] = item.addresses.splice(index, 1);
    this.#index();
    return removed;
  }

  #index(): void {
    this.generation++;
    this.#local.clear();
    this.#broadcast.clear();
    for (const item of this.all) {
      for (const { address, prefix, broadcast } of item.addresses) {
        if (!this.#local.has(address)) this.#local.set(address, item);
        if (broadcast === undefined || isLoopback(address)) continue;
        this.#broadcast.set(broadcast, item);
        this.#broadcast.set(prefix.address, item);
      }
    }
    for (const address of this.#local.keys()) this.#broadcast.delete(address);
  }

  snapshot(): InterfaceSnapshot[] {
    return this.all.map(({ nic, mtu, addresses, arp }) => ({
      name: nic.name,
      mtu,
      addresses: addresses.map(({ address, prefix }) => formatPrefix({ ...prefix, address })),
      neighbors: arp?.table.snapshot() ?? [],
      arp: arp === undefined ? undefined : { ...arp.counters },
    }));
  }
}

export interface InterfaceSnapshot {
  readonly name: string;
  readonly mtu: number;
  /** As they were configured: `"10.0.0.1/24"`. */
  readonly addresses: readonly string[];
  readonly neighbors: ReturnType<Arp["table"]["snapshot"]>;
  readonly arp: Arp["counters"] | undefined;
}
