import type { HostChanges } from "../../../engine/protocol/document.ts";
import type { DeviceWritten, HostWritten, InterfaceWritten, Position } from "../../../engine/protocol/written.ts";
import { portsOf, renameEnd } from "./cable-ends.ts";
import type { Change } from "./change.ts";
import { references } from "./references.ts";
import { withoutCables } from "./remove.ts";
import {
  deviceAt,
  deviceOf,
  done,
  hostOf,
  isTaken,
  nameProblem,
  noDevice,
  type Outcome,
  refused,
  type Situation,
} from "./situation.ts";

export function addDevice({ network }: Situation, name: string, device: DeviceWritten, at?: Position): Outcome {
  const problem = nameProblem(network, name);
  if (problem !== undefined) return problem;
  return done([{ do: "set", path: ["devices", name], value: device }, ...placed(name, at)], [name]);
}

/** Where something stands, in whole numbers: more is noise in a text. */
export const placed = (name: string, at: Position | undefined): Change[] =>
  at === undefined ? [] : [{ do: "set", path: ["layout", name], value: at.map(Math.round) }];

/** Another name for a device or a door, wherever it is named. */
export function rename(situation: Situation, name: string, to: string): Outcome {
  const { network } = situation;
  if (!isTaken(network, name)) return noDevice(name);
  if (name === to) return done([]);
  const problem = nameProblem(network, to);
  if (problem !== undefined) return problem;
  const isDevice = Object.hasOwn(network.devices, name);
  const changes: Change[] = [{ do: "rename", path: [isDevice ? "devices" : "doors", name], key: to }];
  if (Object.hasOwn(network.layout ?? {}, name)) changes.push({ do: "rename", path: ["layout", name], key: to });
  const anew = (end: string): string => `${to}${end.slice(name.length)}`;
  for (const [index, cable] of (network.cables ?? []).entries()) {
    for (const side of [0, 1] as const) {
      const end = cable.between[side];
      if (deviceAt(end) === name) changes.push(...renameEnd(cable, index, side, anew(end)));
    }
  }
  for (const [index, { cable, from }] of (network.faults ?? []).entries()) {
    for (const [side, end] of cable.entries()) {
      if (deviceAt(end) === name) changes.push({ do: "set", path: ["faults", index, "cable", side], value: anew(end) });
    }
    if (from !== undefined && deviceAt(from) === name) {
      changes.push({ do: "set", path: ["faults", index, "from"], value: anew(from) });
    }
  }
  for (const [door, written] of Object.entries(network.doors ?? {})) {
    if ("publish" in written && written.from === name) {
      changes.push({ do: "set", path: ["doors", door, "from"], value: to });
    }
  }
  const named = isDevice ? [...references(situation)].filter(({ host }) => host === name) : [];
  return done(
    [...changes, ...named.map(({ path, rest }): Change => ({ do: "set", path, value: `${to}${rest}` }))],
    [to],
  );
}

/** What hubs and switches have; all else is of hosts. */
const HUB_KEYS = new Set(["kind", "ports"]);
const isHost = (kind: unknown): boolean => kind === "host" || kind === "router";

export function setDevice({ network }: Situation, name: string, set: HostChanges): Outcome {
  const device = deviceOf(network, name);
  if (device === undefined) return noDevice(name);
  const becomes = set.kind ?? device.kind;
  const fits = (key: string): boolean =>
    isHost(becomes) === isHost(device.kind) || key === "kind" || HUB_KEYS.has(key) !== isHost(becomes);
  const left = Object.keys(device).filter((key) => !fits(key) && !Object.hasOwn(set, key));
  return done([
    ...settings(["devices", name], device, set),
    ...left.map((key): Change => ({ do: "delete", path: ["devices", name, key] })),
  ]);
}

/** Keys that get another value, and those that go. */
export function settings(path: Change["path"], is: object, set: object): Change[] {
  return Object.entries(set).flatMap(([key, value]): Change[] => {
    if (value !== null && value !== undefined) return [{ do: "set", path: [...path, key], value }];
    return Object.hasOwn(is, key) ? [{ do: "delete", path: [...path, key] }] : [];
  });
}

const OWN = ["address", "mtu", "mac"] as const;

/** Adds, changes or takes away an interface of a host. */
export function setInterface(
  { network }: Situation,
  device: string,
  name: string,
  set: { readonly [Key in keyof InterfaceWritten]?: InterfaceWritten[Key] | null } | null,
): Outcome {
  const host = hostOf(network, device);
  if (host === undefined) return refused("no-host", `there is no host ${device}`, { host: device });
  const path = ["devices", device];
  const all = host.interfaces === undefined ? { eth0: ownInterface(host) } : host.interfaces;
  const there = Object.hasOwn(all, name);
  if (set === null) {
    if (!there) return refused("no-interface", `${device} has no interface ${name}`, { device, interface: name });
    if (Object.keys(all).length === 1) {
      return refused("last-interface", `${name} is the only interface of ${device}`, { device, interface: name });
    }
    const gone = portsOf(network).flatMap((ports, index) => (ports.includes(`${device}.${name}`) ? [index] : []));
    return done([{ do: "delete", path: [...path, "interfaces", name] }, ...withoutCables(network, new Set(gone))]);
  }
  if (host.interfaces === undefined && there) return done(settings(path, host, set));
  const written = all[name as keyof typeof all] as string | InterfaceWritten | undefined;
  const is = typeof written === "string" ? { address: written } : (written ?? {});
  const merged = Object.fromEntries(Object.entries({ ...is, ...set }).filter(([, value]) => value !== null));
  const value = shortest(merged as InterfaceWritten);
  if (host.interfaces !== undefined) return done([{ do: "set", path: [...path, "interfaces", name], value }]);
  return done([
    { do: "set", path: [...path, "interfaces"], value: { eth0: shortest(ownInterface(host)), [name]: value } },
    ...OWN.filter((key) => host[key] !== undefined).map((key): Change => ({ do: "delete", path: [...path, key] })),
  ]);
}

const ownInterface = (host: HostWritten): InterfaceWritten =>
  Object.fromEntries(OWN.filter((key) => host[key] !== undefined).map((key) => [key, host[key]]));

/** An interface that has an address and nothing else is written as that. */
const shortest = (written: InterfaceWritten): string | InterfaceWritten =>
  typeof written.address === "string" && Object.keys(written).length === 1 ? written.address : written;
