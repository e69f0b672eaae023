import type { Port } from "../../address/endpoint.ts";
import { ANY, type IpAddress } from "../../address/ip.ts";
import type { UdpEndpoint } from "./endpoint.ts";

/** The endpoints of one local port. */
interface PortEntry {
  /** By remote address and port; the endpoint that came last is asked first. */
  readonly connected: Map<number, UdpEndpoint[]>;
  /** Not connected; the endpoint that came last is asked first (Linux puts it at the head of its chain). */
  readonly open: UdpEndpoint[];
}

/** Finds the endpoint a datagram is for (RFC 1122 §4.1.3.5): connected before bound to the address before bound to any. */
export class UdpDemux {
  readonly #ports = new Map<Port, PortEntry>();

  /** Enters an endpoint under its local port and, when it has one, its remote end. */
  add(endpoint: UdpEndpoint): void {
    let entry = this.#ports.get(endpoint.localPort);
    if (entry === undefined) {
      entry = { connected: new Map(), open: [] };
      this.#ports.set(endpoint.localPort, entry);
    }
    if (!endpoint.connected) {
      entry.open.unshift(endpoint);
      return;
    }
    const key = keyOf(endpoint.remoteAddress, endpoint.remotePort);
    const same = entry.connected.get(key);
    if (same === undefined) entry.connected.set(key, [endpoint]);
    else same.unshift(endpoint);
  }

  /** Takes an endpoint out, which must stand as it was when it was added. */
  remove(endpoint: UdpEndpoint): void {
    const entry = this.#ports.get(endpoint.localPort);
    if (entry === undefined) return;
    const key = keyOf(endpoint.remoteAddress, endpoint.remotePort);
    const list = endpoint.connected ? entry.connected.get(key) : entry.open;
    const index = list?.indexOf(endpoint) ?? -1;
    if (list !== undefined && index >= 0) list.splice(index, 1);
    if (endpoint.connected && list?.length === 0) entry.connected.delete(key);
    if (entry.open.length === 0 && entry.connected.size === 0) this.#ports.delete(endpoint.localPort);
  }

  /** The one endpoint for a datagram to this host alone. */
  find(local: IpAddress, port: Port, remote: IpAddress, remotePort: Port): UdpEndpoint | undefined {
    const entry = this.#ports.get(port);
    if (entry === undefined) return undefined;
    if (entry.connected.size > 0) {
      const same = entry.connected.get(keyOf(remote, remotePort));
      const found = same?.find((endpoint) => endpoint.localAddress === local);
      if (found !== undefined) return found;
    }
    let wildcard: UdpEndpoint | undefined;
    for (const endpoint of entry.open) {
      if (endpoint.localAddress === local) return endpoint;
      if (endpoint.localAddress === ANY) wildcard ??= endpoint;
    }
    return wildcard;
  }

  /** All endpoints for a datagram to a group: each that is bound to the group's address or to any. */
  *findAll(local: IpAddress, port: Port, remote: IpAddress, remotePort: Port): Generator<UdpEndpoint> {
    const entry = this.#ports.get(port);
    if (entry === undefined) return;
    for (const endpoint of entry.connected.get(keyOf(remote, remotePort)) ?? []) {
      if (endpoint.boundAddress === local || endpoint.boundAddress === ANY) yield endpoint;
    }
    for (const endpoint of entry.open) {
      if (endpoint.localAddress === local || endpoint.localAddress === ANY) yield endpoint;
    }
  }

  /** The endpoint that sent a datagram of which an error says that it did not arrive. */
  findSender(local: IpAddress, port: Port, remote: IpAddress, remotePort: Port): UdpEndpoint | undefined {
    const same = this.#ports.get(port)?.connected.get(keyOf(remote, remotePort));
    return same?.find((endpoint) => endpoint.localAddress === local);
  }

  /** Whether an endpoint may have sent a datagram that was not to be cut. */
  mayHaveSentUncut(local: IpAddress, port: Port, remote: IpAddress, remotePort: Port): boolean {
    const entry = this.#ports.get(port);
    const same = entry?.connected.get(keyOf(remote, remotePort)) ?? [];
    const isSender = (endpoint: UdpEndpoint): boolean =>
      endpoint.dontFragment && (endpoint.localAddress === local || endpoint.localAddress === ANY);
    return same.some(isSender) || (entry?.open.some(isSender) ?? false);
  }

  /**
   * Whether an endpoint may be bound there: no other has the same port and a common address, unless both want to share
   * (Linux `inet_rcv_saddr_equal`, `sk_reuse`).
   */
  isFree(address: IpAddress, port: Port, reuse: boolean, own?: UdpEndpoint): boolean {
    const entry = this.#ports.get(port);
    if (entry === undefined) return true;
    for (const endpoint of endpointsOf(entry)) {
      if (endpoint === own || (reuse && endpoint.reuse)) continue;
      const other = endpoint.localAddress;
      if (address === ANY || other === ANY || address === other) return false;
    }
    return true;
  }

  *all(): Generator<UdpEndpoint> {
    for (const entry of this.#ports.values()) yield* endpointsOf(entry);
  }
}

function* endpointsOf({ connected, open }: PortEntry): Generator<UdpEndpoint> {
  yield* open;
  for (const same of connected.values()) yield* same;
}

/** One number for a remote end; exact below 2^53, of either family. */
function keyOf(address: IpAddress, port: Port): number {
  return address * 0x10000 + port;
}
