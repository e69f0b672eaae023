import type { DocumentCommand, NetworkInfo, NetworkWritten } from "../../src/engine/protocol/index.ts";
import { networkOf, segmentsOf } from "../canvas/segments.ts";
import { isStation } from "./ports.ts";

/** An interface of a host or router. */
interface Station {
  readonly device: string;
  readonly router: boolean;
  readonly nic: number;
  readonly name: string;
  readonly addresses: readonly string[];
}

/** Hosts begin here in a network with room for it, so that routers and servers can stand before them. */
const FIRST_HOST = 11;
/** Networks of their own are proposed out of 10.0.0.0/16. */
const LENGTH = 24;

/** The interfaces of hosts and routers by the links that they are on: hubs and switches join cables to one. */
function linksOf(network: NetworkInfo): Station[][] {
  const stations = network.devices
    .filter(({ kind }) => kind === "host" || kind === "router")
    .flatMap(({ name: device, kind, interfaces }) =>
      interfaces.map(({ nic, name, addresses }) => ({ device, router: kind === "router", nic, name, addresses })),
    );
  return segmentsOf(network).map(({ cables }) => {
    const nics = new Set(cables.flatMap((index) => [network.cables[index]?.a, network.cables[index]?.b]));
    return stations.filter(({ nic }) => nics.has(nic));
  });
}

const numberOf = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const textOf = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

/** Addresses that are given out one after the other, none twice. */
class Numbers {
  readonly #taken: Set<number>;
  readonly #networks: Set<string>;

  constructor(network: NetworkInfo) {
    const all = network.devices.flatMap(({ interfaces }) => interfaces.flatMap(({ addresses }) => addresses));
    this.#taken = new Set(all.map((address) => numberOf(address.split("/")[0] as string)));
    this.#networks = new Set(all.map(networkOf));
  }

  /** The network of a link: that of an address on it, or one that nothing is in. */
  networkOf(link: readonly Station[]): string {
    const known = link.flatMap(({ addresses }) => addresses)[0];
    if (known !== undefined) return networkOf(known);
    for (let third = 1; ; third++) {
      const network = `10.${Math.floor(third / 256) % 256}.${third % 256}.0/${LENGTH}`;
      if (!this.#networks.has(network)) return network;
    }
  }

  /** The first free address of a network; undefined when there is none. */
  take(network: string, router: boolean): string | undefined {
    this.#networks.add(network);
    const [base = "", length = ""] = network.split("/");
    const size = 2 ** (32 - Number(length));
    const first = !router && size >= 64 ? FIRST_HOST : 1;
    const last = size > 2 ? size - 2 : size - 1;
    for (let host = size > 2 ? first : 0; host <= last; host++) {
      const address = numberOf(base) + host;
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return `${textOf(address)}/${length}`;
    }
    return undefined;
  }
}

/** An address that an interface might have: the first that is free on its link. */
export function suggestedAddress(network: NetworkInfo, nic: number): string | undefined {
  const link = linksOf(network).find((stations) => stations.some((station) => station.nic === nic));
  const station = link?.find((each) => each.nic === nic);
  if (link === undefined || station === undefined) return undefined;
  const numbers = new Numbers(network);
  return numbers.take(numbers.networkOf(link), station.router);
}

/** Routers that a host reaches: what its gateway may be. */
export function gatewaysOf(network: NetworkInfo, device: string): string[] {
  const links = linksOf(network).filter((stations) => stations.some((station) => station.device === device));
  const routers = links.flat().filter((station) => station.router && station.device !== device);
  return [...new Set(routers.flatMap(({ addresses }) => addresses.map((address) => address.split("/")[0] as string)))];
}

/**
 * Gives an address to every interface on a cable that has none, out of the network of its link, and to every host without a
 * gateway the router of its link.
 */
export function numbering(network: NetworkInfo, written: NetworkWritten): DocumentCommand[] {
  const numbers = new Numbers(network);
  const commands: DocumentCommand[] = [];
  const gateways = new Map<string, string>();
  for (const link of linksOf(network)) {
    if (link.length < 2 && link.every(({ addresses }) => addresses.length === 0)) continue;
    const range = numbers.networkOf(link);
    let gateway: string | undefined;
    for (const station of [...link].sort((one, other) => Number(other.router) - Number(one.router))) {
      const { device, name, router, addresses } = station;
      const given = addresses[0] ?? numbers.take(range, router);
      if (given === undefined) continue;
      if (addresses.length === 0)
        commands.push({ do: "interface.set", device, interface: name, set: { address: given } });
      if (router) gateway ??= given.split("/")[0];
      else if (gateway !== undefined && networkOf(given) === range)
        gateways.set(device, gateways.get(device) ?? gateway);
    }
  }
  for (const [name, gateway] of gateways) {
    const own = written.devices[name];
    if (own === undefined || !isStation(own) || own.gateway !== undefined || own.routes !== undefined) continue;
    commands.push({ do: "device.set", name, set: { gateway } });
  }
  return commands;
}
