import type { DeviceInfo, NetworkInfo } from "../../src/engine/protocol/index.ts";

/** How the id of a network of layer 3 begins; names of devices have no colon. */
export const NETWORK = "network:";

/** Whether a device only passes frames on, and is part of a link itself. */
export const relays = ({ kind }: DeviceInfo): boolean => kind === "hub" || kind === "switch";

/** Which device a Nic is of, and its interface. */
export function nicsOf(network: NetworkInfo): Map<number, { device: DeviceInfo; name: string; mac: string }> {
  const nics = new Map<number, { device: DeviceInfo; name: string; mac: string }>();
  for (const device of network.devices) {
    for (const { nic, name, mac } of device.interfaces) nics.set(nic, { device, name, mac });
  }
  return nics;
}

export interface Segment {
  readonly id: string;
  /** The prefix of the addresses in it: `"10.0.1.0/24"`. */
  readonly prefix: string;
  readonly cables: readonly number[];
}

/** What a broadcast frame reaches: cables that hubs and switches join. */
export function segmentsOf(network: NetworkInfo): Segment[] {
  const nics = nicsOf(network);
  const segmentOf = new Map<string, number>();
  const joined: number[][] = [];
  const keyOf = (nic: number): string => {
    const device = nics.get(nic)?.device;
    return device !== undefined && relays(device) ? device.name : `#${nic}`;
  };
  for (const { index, a, b, gone } of network.cables) {
    if (gone) continue;
    const [one, other] = [segmentOf.get(keyOf(a)), segmentOf.get(keyOf(b))];
    const id = one ?? other ?? joined.push([]) - 1;
    if (one !== undefined && other !== undefined && one !== other) {
      joined[one]?.push(...(joined[other] ?? []));
      joined[other] = [];
      for (const [key, segment] of segmentOf) if (segment === other) segmentOf.set(key, one);
    }
    joined[id]?.push(index);
    segmentOf.set(keyOf(a), id).set(keyOf(b), id);
  }
  const kept = joined.filter((cables) => cables.length > 0);
  return kept.map((cables, at) => ({
    id: `${NETWORK}${at}`,
    prefix: prefixOf(network, cables) ?? `${at + 1}`,
    cables,
  }));
}

function prefixOf(network: NetworkInfo, cables: readonly number[]): string | undefined {
  const ends = new Set(cables.flatMap((index) => [network.cables[index]?.a, network.cables[index]?.b]));
  for (const { interfaces } of network.devices) {
    for (const { nic, addresses } of interfaces) {
      const [address] = addresses;
      if (ends.has(nic) && address !== undefined) return networkOf(address);
    }
  }
  return undefined;
}

/** The network of an interface's address: `"10.0.1.11/24"` is in `"10.0.1.0/24"`. */
export function networkOf(address: string): string {
  const [host = "", length = "32"] = address.split("/");
  const bits = host.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const base = Math.floor(bits / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${length}`;
}
