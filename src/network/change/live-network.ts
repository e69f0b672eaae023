import type { Program } from "../../application/program.ts";
import { isSame } from "../../base/plain-data.ts";
import { Host } from "../../device/host.ts";
import { Hub } from "../../device/hub.ts";
import { Switch } from "../../device/switch.ts";
import type { Cable } from "../../link/cable.ts";
import { addDevice, addDoor, assemble, type BuildOptions, DEFAULT_SEED } from "../build.ts";
import type { DeviceDocument, DoorDocument, HostDocument, NetworkDocument } from "../document.ts";
import type { Network } from "../network.ts";
import { type LaidCable, lay, makeRoom, matched } from "./cables.ts";
import { changeFaults, type PlannedFault } from "./faults.ts";
import { changeHost, changeTcp, removeInterfaces } from "./hosts.ts";
import { changePrograms, type StartedProgram } from "./programs.ts";

/**
 * A network that runs and whose document may become another: what the two have in common goes on as if nothing had happened, all
 * else is taken away, changed or added at the virtual time that it is.
 */
export class LiveNetwork {
  readonly network: Network;
  readonly #programs: ReadonlyMap<string, Program> | undefined;
  #document: NetworkDocument;
  #cables: readonly LaidCable[];
  #faults: readonly PlannedFault[];
  readonly #started = new Map<string, readonly StartedProgram[]>();

  /** @throws RangeError for a document that names what is not there */
  constructor(document: NetworkDocument, options: BuildOptions = {}) {
    const { network, cables, faults, programs } = assemble(document, options);
    this.network = network;
    this.#programs = options.programs;
    this.#document = document;
    this.#cables = document.cables.map((each, index) => ({ document: each, cable: cables[index] as Cable }));
    this.#faults = document.faults.map(({ cable, ...fault }, index) => ({
      document: fault,
      cable: cables[cable] as Cable,
      takeBack: faults[index] ?? (() => {}),
    }));
    for (const device of document.devices) {
      if ("ports" in device) continue;
      const runs = programs.get(device.name) ?? [];
      this.#started.set(
        device.name,
        device.programs.flatMap((each, index) => {
          const run = runs[index];
          return run === undefined ? [] : [{ document: each, run }];
        }),
      );
    }
  }

  get document(): NetworkDocument {
    return this.#document;
  }

  /** The cables of the document, in its order. */
  get cables(): readonly Cable[] {
    return this.#cables.map(({ cable }) => cable);
  }

  /** Makes of the network what a document says. It may not {@link beginsAnew}. */
  become(next: NetworkDocument): void {
    const was = this.#document;
    const { network } = this;
    const [before, after] = [devicesOf(was), devicesOf(next)];
    this.#takeAway(was, next, before, after);
    const tcpChanged = !isSame(was.tcp, next.tcp);
    network.tcp = next.tcp;
    if (!isSame(was.names, next.names)) network.names.change(next.names);
    for (const device of next.devices) {
      const old = before.get(device.name);
      if (!network.devices.has(device.name)) addDevice(network, device);
      else if ("ports" in device) this.#addPorts(device.name, device.ports);
      else if (old !== undefined && !("ports" in old)) this.#changeHost(old, device, next, tcpChanged);
    }
    this.#addDoors(next.doors);
    const found = makeRoom(network, next.cables, matched(this.#cables, next.cables));
    const kept = new Set(found);
    for (const each of this.#cables) if (!kept.has(each)) network.removeCable(each.cable);
    this.#cables = next.cables.map((each, index) => lay(network, each, found[index]));
    this.#faults = changeFaults(network, this.#faults, next.faults, this.cables);
    for (const device of next.devices) if (!("ports" in device)) this.#changePrograms(device);
    this.#document = next;
  }

  /** Whatever is another thing under the same name goes as well. */
  #takeAway(
    was: NetworkDocument,
    next: NetworkDocument,
    before: ReadonlyMap<string, DeviceDocument>,
    after: ReadonlyMap<string, DeviceDocument>,
  ): void {
    const { network } = this;
    for (const door of was.doors) {
      if (next.doors.some((each) => isSame(each, door))) continue;
      const device = network.devices.get(door.name);
      if (door.kind === "publish") network.unpublish(door.name);
      else if (device !== undefined) network.removeDevice(device);
    }
    for (const [name, { kind }] of before) {
      const device = network.devices.get(name);
      const is = after.get(name);
      if (device === undefined || is?.kind === kind) continue;
      network.removeDevice(device);
      this.#started.delete(name);
    }
    for (const [name, old] of before) {
      const [device, is] = [network.devices.get(name), after.get(name)];
      if (!(device instanceof Host) || is === undefined || "ports" in is || "ports" in old) continue;
      removeInterfaces(network, device, old, is);
    }
  }

  #addPorts(name: string, ports: number): void {
    const device = this.network.devices.get(name);
    if (!(device instanceof Hub || device instanceof Switch)) return;
    while (device.nics.length < ports) this.network.addPort(device);
  }

  #changeHost(was: HostDocument, is: HostDocument, next: NetworkDocument, tcpChanged: boolean): void {
    const host = this.network.devices.get(is.name);
    if (!(host instanceof Host)) return;
    changeHost(this.network, host, was, is);
    if (tcpChanged || !isSame(was.tcp, is.tcp)) changeTcp(host, { ...next.tcp, ...is.tcp });
  }

  #addDoors(doors: readonly DoorDocument[]): void {
    const { network } = this;
    for (const door of doors) {
      const isThere = door.kind === "publish" ? network.published.has(door.name) : network.devices.has(door.name);
      if (!isThere) addDoor(network, door);
    }
  }

  #changePrograms({ name, programs }: HostDocument): void {
    const was = this.#started.get(name) ?? [];
    this.#started.set(name, changePrograms(this.network, name, was, programs, this.#programs));
  }
}

const devicesOf = ({ devices }: NetworkDocument): ReadonlyMap<string, DeviceDocument> =>
  new Map(devices.map((device) => [device.name, device]));

/** What two documents differ in that cannot change while a network runs; undefined for nothing. @param seed in place of theirs */
export function beginsAnew(was: NetworkDocument, next: NetworkDocument, seed?: number): "seed" | "epoch" | undefined {
  if (seed === undefined && (was.seed ?? DEFAULT_SEED) !== (next.seed ?? DEFAULT_SEED)) return "seed";
  return was.epoch === next.epoch ? undefined : "epoch";
}
