import { formatMac } from "../address/mac.ts";
import type { Device } from "../device/device.ts";
import { Host } from "../device/host.ts";
import type { Cable } from "../link/cable.ts";
import type { NetworkDocument } from "../network/document.ts";
import type { Network } from "../network/network.ts";
import type { CableInfo, DeviceInfo, DoorInfo, NetworkInfo } from "./protocol/network.ts";
import type { Problem } from "./protocol/problem.ts";

export interface NetworkSource {
  readonly network: Network;
  /** Its cables in the order of the document. */
  readonly written: readonly Cable[];
  readonly document: NetworkDocument;
  /** The document as it was read. */
  readonly text: string;
  /** Where it was read from. */
  readonly file: string;
  readonly doors: readonly DoorInfo[];
  readonly lacks: readonly Problem[];
}

/** What stands still of a network, for those who watch it. */
export function networkInfo({
  network,
  written: inOrder,
  document,
  text,
  file,
  doors,
  lacks,
}: NetworkSource): NetworkInfo {
  const programs = new Map(
    document.devices.map((each) => [each.name, "programs" in each ? each.programs.map(({ program }) => program) : []]),
  );
  const written = new Map(inOrder.map((cable, index) => [cable, index]));
  return {
    name: document.name,
    file,
    seed: network.seed,
    epoch: network.epoch,
    document: text,
    devices: [...network.devices.values()].map((device) => deviceInfo(device, programs.get(device.name) ?? [])),
    cables: network.allCables.map((cable) => cableInfo(cable, written.get(cable))),
    doors,
    lacks,
  };
}

function cableInfo({ index, name, a, b, gone }: Cable, written: number | undefined): CableInfo {
  return {
    ...{ index, name, a: a.index, b: b.index },
    ...(gone && { gone }),
    ...(written !== undefined && { written }),
  };
}

/** Counts the changes of addresses of all hosts: while it is the same, so is what is said of the network. */
export function addressChanges({ devices }: Network): number {
  let changes = 0;
  for (const device of devices.values()) if (device instanceof Host) changes += device.internet.interfaces.generation;
  return changes;
}

function deviceInfo(device: Device, programs: readonly string[]): DeviceInfo {
  const configured = device instanceof Host ? device.snapshot().ipv4.interfaces : [];
  const addresses = new Map(configured.map((each) => [each.name, each.addresses]));
  return {
    name: device.name,
    kind: device.kind,
    interfaces: device.nics.map(({ index, name, mac, medium }) => ({
      nic: index,
      name,
      mac: formatMac(mac),
      addresses: addresses.get(name) ?? [],
      medium,
    })),
    programs,
  };
}
