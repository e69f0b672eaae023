import { formatIp, type IpAddress } from "../../address/ip.ts";
import { formatPrefix, type Prefix } from "../../address/prefix.ts";
import type { Interface } from "./interface.ts";

/** What becomes of datagrams that a route takes. The last three are refused, as with Linux's routes of these types. */
export type RouteKind = "unicast" | "unreachable" | "prohibit" | "blackhole";

/** A line of the routing table. */
export interface RoutingEntry {
  readonly prefix: Prefix;
  readonly kind: RouteKind;
  /** The next hop; undefined when destinations are on the link itself. */
  readonly gateway: IpAddress | undefined;
  /** Where datagrams leave; undefined for a refusing route. */
  readonly via: Interface | undefined;
  /** Among routes to one prefix the lowest is taken. */
  readonly metric: number;
  /** Made by an interface's address, and gone with it. */
  readonly connected: boolean;
  /** What transports are told to use on it. */
  readonly congestionControl?: string | undefined;
}

export interface RouteSnapshot {
  readonly prefix: string;
  readonly kind: RouteKind;
  readonly gateway: string | undefined;
  readonly interface: string | undefined;
  readonly metric: number;
  readonly connected: boolean;
}

/** More routes than this are refused. */
export const ROUTES_LIMIT = 100_000;

/**
 * The routing table: the longest prefix that holds the destination wins (RFC 1812 §5.2.4.3), then the lowest metric. One
 * map per prefix length in use, so a look-up costs as many hashes as there are lengths.
 */
export class RoutingTable {
  /** The longest first. */
  readonly #levels: { readonly length: number; readonly mask: number; readonly routes: Map<number, RoutingEntry[]> }[] =
    [];
  #size = 0;

  /** @returns false when the same route is there already, or the table is full */
  add(entry: RoutingEntry): boolean {
    if (this.#size >= ROUTES_LIMIT) return false;
    const { address, length, mask } = entry.prefix;
    let level = this.#levels.find((other) => other.length === length);
    if (level === undefined) {
      level = { length, mask, routes: new Map() };
      this.#levels.push(level);
      this.#levels.sort((one, other) => other.length - one.length);
    }
    const routes = level.routes.get(address) ?? [];
    if (routes.some((other) => isSame(entry, other))) return false;
    const index = routes.findIndex((other) => other.metric > entry.metric);
    routes.splice(index < 0 ? routes.length : index, 0, entry);
    level.routes.set(address, routes);
    this.#size++;
    return true;
  }

  /** Removes every route that fits. @returns how many */
  remove(fits: (entry: RoutingEntry) => boolean): number {
    const before = this.#size;
    for (const { routes } of this.#levels) {
      for (const [address, entries] of routes) {
        const rest = entries.filter((entry) => !fits(entry));
        this.#size -= entries.length - rest.length;
        if (rest.length === 0) routes.delete(address);
        else if (rest.length < entries.length) routes.set(address, rest);
      }
    }
    return before - this.#size;
  }

  /**
   * The route to an address.
   * @param isAlive tells whether a route works; one that does not is taken only when it has no rival of the same prefix
   *   (RFC 1122 §3.3.1.5)
   */
  find(address: IpAddress, isAlive: (entry: RoutingEntry) => boolean): RoutingEntry | undefined {
    for (const { mask, routes } of this.#levels) {
      const entries = routes.get(address & mask);
      if (entries === undefined) continue;
      return entries.length === 1 ? entries[0] : (entries.find(isAlive) ?? entries[0]);
    }
    return undefined;
  }

  /** Whether a route goes by that gateway. */
  usesGateway(gateway: IpAddress): boolean {
    for (const entry of this.#entries()) if (entry.gateway === gateway) return true;
    return false;
  }

  snapshot(): RouteSnapshot[] {
    return [...this.#entries()].map(({ prefix, kind, gateway, via, metric, connected }) => ({
      prefix: formatPrefix(prefix),
      kind,
      gateway: gateway === undefined ? undefined : formatIp(gateway),
      interface: via?.nic.name,
      metric,
      connected,
    }));
  }

  *#entries(): Generator<RoutingEntry> {
    for (const { routes } of this.#levels) for (const entries of routes.values()) yield* entries;
  }
}

function isSame(one: RoutingEntry, other: RoutingEntry): boolean {
  return (
    one.metric === other.metric && one.gateway === other.gateway && one.via === other.via && one.kind === other.kind
  );
}
