import { formatIp } from "../address/ip.ts";
import { formatMac } from "../address/mac.ts";
import { formatPrefix } from "../address/prefix.ts";
import type { Compression } from "../application/compression.ts";
import type { Program } from "../application/program.ts";
import { PROGRAMS } from "../application/registry.ts";
import type { Host } from "../device/host.ts";
import type { HostDocument, InterfaceDocument, NetworkDocument } from "./document.ts";
import { type HostOptions, type InterfaceOptions, Network } from "./network.ts";
import type { TlsMaker } from "./tls-maker.ts";

export interface BuildOptions {
  /** In place of the document's. */
  readonly seed?: number | undefined;
  /** Those that the document may name; all of Netarium's unless given. */
  readonly programs?: ReadonlyMap<string, Program>;
  /** The platform's, for programs that compress; none unless given. */
  readonly compression?: Compression | undefined;
  /** The platform's, for programs that cipher; none unless given. */
  readonly tls?: TlsMaker | undefined;
}

/** The seed of a run that nobody gave one. */
export const DEFAULT_SEED = 1;

/**
 * Makes the network of a document: devices, cables, programs that are to start, faults to come. Its doors are there and
 * shut; the platform opens them.
 */
export function build(document: NetworkDocument, options: BuildOptions = {}): Network {
  const { epoch, tcp, names } = document;
  const { compression, tls } = options;
  const seed = options.seed ?? document.seed ?? DEFAULT_SEED;
  const network = new Network({ name: document.name, seed, epoch, tcp, compression, tls, ...names });
  for (const device of document.devices) {
    if ("ports" in device) network[device.kind](device.name, device.ports);
    else if (device.kind === "router") network.router(device.name, hostOptions(device));
    else network.host(device.name, hostOptions(device));
  }
  for (const door of document.doors) {
    if (door.kind === "publish") network.publish(door.name, door.protocol, door.from, door.to);
    else network.frameDoor(door.name);
  }
  const cables = document.cables.map(({ a, b, conditions, queue, offload }) => {
    const options = queue === undefined ? { offload } : { offload, queue };
    const cable = network.cable(`${a.device}.${a.port}`, `${b.device}.${b.port}`, options);
    cable.setConditions("a-b", conditions[0]);
    cable.setConditions("b-a", conditions[1]);
    return cable;
  });
  for (const { cable: index, ...fault } of document.faults) {
    const cable = cables[index];
    if (cable !== undefined) network.faults.add({ cable, ...fault });
  }
  startPrograms(network, document, options.programs ?? PROGRAMS);
  return network;
}

function startPrograms(network: Network, document: NetworkDocument, programs: ReadonlyMap<string, Program>): void {
  for (const device of document.devices) {
    if ("ports" in device) continue;
    for (const { program: name, parameters, at } of device.programs) {
      const program = programs.get(name);
      if (program === undefined) throw new RangeError(`there is no program ${name}`);
      network.start(network.devices.get(device.name) as Host, program, parameters, at);
    }
  }
}

function hostOptions({ interfaces, routes, tcp, names }: HostDocument): HostOptions {
  return {
    interfaces: Object.fromEntries(interfaces.map((each) => [each.name, interfaceOptions(each)])),
    routes: routes.map(({ to, gateway, congestionControl }) => ({
      to: formatPrefix(to),
      via: formatIp(gateway),
      congestionControl,
    })),
    tcp,
    ...names,
  };
}

function interfaceOptions({ addresses, mtu, mac }: InterfaceDocument): InterfaceOptions {
  return {
    address: addresses.map(({ address, prefix }) => `${formatIp(address)}/${prefix.length}`),
    ...(mtu === undefined ? {} : { mtu }),
    ...(mac === undefined ? {} : { mac: formatMac(mac) }),
  };
}
