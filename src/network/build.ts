import { formatIp } from "../address/ip.ts";
import { formatMac } from "../address/mac.ts";
import { formatPrefix } from "../address/prefix.ts";
import type { Compression } from "../application/compression.ts";
import type { Program } from "../application/program.ts";
import { PROGRAMS } from "../application/registry.ts";
import type { Cable } from "../link/cable.ts";
import type {
  CableDocument,
  CableEnd,
  DeviceDocument,
  DoorDocument,
  HostDocument,
  InterfaceDocument,
  NetworkDocument,
  ProgramDocument,
} from "./document.ts";
import { type HostOptions, type InterfaceOptions, Network } from "./network.ts";
import type { RunningProgram } from "./programs.ts";
import type { ScriptMaker } from "./script-maker.ts";
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
  /** The platform's, for scripts; none unless given. */
  readonly scripts?: ScriptMaker | undefined;
}

/** The seed of a run that nobody gave one. */
export const DEFAULT_SEED = 1;

/**
 * Makes the network of a document: devices, cables, programs that are to start, faults to come. Its doors are there and
 * shut; the platform opens them.
 */
export function build(document: NetworkDocument, options: BuildOptions = {}): Network {
  return assemble(document, options).network;
}

/** A network, and what of it came of which part of its document. */
export interface Built {
  readonly network: Network;
  /** In the order of the document, as are the faults, each with what takes it back. */
  readonly cables: readonly Cable[];
  readonly faults: readonly (() => void)[];
  /** By the name of their host. */
  readonly programs: ReadonlyMap<string, readonly RunningProgram[]>;
}

/** As {@link build}, for who changes it later. */
export function assemble(document: NetworkDocument, options: BuildOptions = {}): Built {
  const { epoch, tcp, names } = document;
  const { compression, tls, scripts } = options;
  const seed = options.seed ?? document.seed ?? DEFAULT_SEED;
  const network = new Network({ name: document.name, seed, epoch, tcp, compression, tls, scripts, ...names });
  for (const device of document.devices) {
    addDevice(network, device);
  }
  for (const door of document.doors) addDoor(network, door);
  const cables = document.cables.map((cable) => addCable(network, cable, endName(cable.a), endName(cable.b)));
  const faults = document.faults.map(({ cable: index, ...fault }) => {
    const cable = cables[index];
    if (cable === undefined) throw new RangeError(`there is no cable ${index}`);
    return network.faults.add({ cable, ...fault });
  });
  const programs = new Map<string, RunningProgram[]>();
  for (const device of document.devices) {
    if ("ports" in device) continue;
    const started = device.programs.map((each) => startProgram(network, device.name, each, options.programs));
    programs.set(device.name, started);
  }
  return { network, cables, faults, programs };
}

/** The port that an end names. */
export const endName = ({ device, port }: CableEnd): string => `${device}.${port}`;

export function addDevice(network: Network, device: DeviceDocument): void {
  if ("ports" in device) network[device.kind](device.name, device.ports);
  else if (device.kind === "router") network.router(device.name, hostOptions(device));
  else network.host(device.name, hostOptions(device));
}

export function addDoor(network: Network, door: DoorDocument): void {
  if (door.kind === "publish") network.publish(door.name, door.protocol, door.from, door.to);
  else network.frameDoor(door.name);
}

/** @param a where it begins, and where it ends */
export function addCable(network: Network, document: CableDocument, a: string, b: string): Cable {
  const { conditions, queue, offload } = document;
  const cable = network.cable(a, b, queue === undefined ? { offload } : { offload, queue });
  cable.setConditions("a-b", conditions[0]);
  cable.setConditions("b-a", conditions[1]);
  return cable;
}

/** @param programs that there are; all of Netarium's unless given @throws RangeError for one that is not among them */
export function startProgram(
  network: Network,
  host: string,
  { program: name, parameters, at }: ProgramDocument,
  programs: ReadonlyMap<string, Program> = PROGRAMS,
): RunningProgram {
  const program = programs.get(name);
  if (program === undefined) throw new RangeError(`there is no program ${name}`);
  return network.start(host, program, parameters, at);
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

export function interfaceOptions({ addresses, mtu, mac }: InterfaceDocument): InterfaceOptions {
  return {
    address: addresses.map(({ address, prefix }) => `${formatIp(address)}/${prefix.length}`),
    ...(mtu === undefined ? {} : { mtu }),
    ...(mac === undefined ? {} : { mac: formatMac(mac) }),
  };
}
