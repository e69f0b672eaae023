import { parseIp } from "../../../address/ip.ts";
import { contains, parsePrefix } from "../../../address/prefix.ts";
import type {
  CableWritten,
  DeviceWritten,
  Fragment,
  HostWritten,
  InterfaceWritten,
  NetworkWritten,
  Position,
  ProgramWritten,
} from "../../../engine/protocol/written.ts";
import { type Change, changed } from "./change.ts";
import { placed } from "./devices.ts";
import { ofPrograms } from "./references.ts";
import { deviceAt, done, interfacesOf, isTaken, type Outcome, refused, type Situation } from "./situation.ts";

/** Devices with the cables between them; those that are not there are left out. */
export function fragmentOf(network: NetworkWritten, names: readonly string[]): Fragment {
  const chosen = new Set(names.filter((name) => Object.hasOwn(network.devices, name)));
  const of = <T>(all: Readonly<Record<string, T>> | undefined): Record<string, T> =>
    Object.fromEntries(Object.entries(all ?? {}).filter(([name]) => chosen.has(name)));
  const cables = (network.cables ?? []).filter(({ between }) => between.every((end) => chosen.has(deviceAt(end))));
  return { devices: of(network.devices), cables, layout: of(network.layout) };
}

/** Adds copies under free names, with those of their addresses that are free, or none. */
export function paste(
  { network, programs }: Situation,
  fragment: Fragment,
  addresses: "keep" | "clear",
  by: Position = [0, 0],
): Outcome {
  const names = new Map<string, string>();
  const taken = new Set([...Object.keys(network.devices), ...Object.keys(network.doors ?? {})]);
  for (const name of Object.keys(fragment.devices)) {
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(name))
      return refused("not-a-name", `${name.slice(0, 80)} is no name`, { name: name.slice(0, 80) });
    const free = freeName(name, taken);
    taken.add(free);
    names.set(name, free);
  }
  const used = new Set(Object.values(network.devices).flatMap(addressesOf).map(bare));
  const keeps = (text: string): boolean => addresses === "keep" && !used.has(bare(text));
  const copies = Object.entries(fragment.devices).map(
    ([name, device]) => [name, isHost(device) ? without(device, keeps) : device] as const,
  );
  const reached = new Set(copies.filter(([, device]) => addressesOf(device).length > 0).map(([name]) => name));
  const named = (host: string): string | undefined => (reached.has(host) ? names.get(host) : undefined);
  const devices = copies.map(([name, device]): Change => {
    const value = isHost(device) ? withNames(device, programs, named, network) : device;
    return { do: "set", path: ["devices", names.get(name) ?? name], value };
  });
  const cables = fragment.cables.map(
    (cable): Change => ({ do: "append", path: ["cables"], value: copyCable(cable, names) }),
  );
  const layout = Object.entries(fragment.layout).flatMap(([name, [x, y]]) => {
    const copy = names.get(name);
    return copy === undefined ? [] : placed(copy, [x + by[0], y + by[1]]);
  });
  return done([...devices, ...cables, ...layout], [...names.values()]);
}

const isHost = (device: DeviceWritten): device is HostWritten => device.kind === "host" || device.kind === "router";
const addressesOf = (device: DeviceWritten): string[] =>
  isHost(device)
    ? interfacesOf(device)
        .flatMap(([, all]) => all)
        .filter((each) => typeof each === "string")
    : [];
const bare = (address: string): string => address.split("/")[0] ?? "";

/** `pc2` for `pc1`, `chat2` for `chat`. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const stem = name.replace(/\d+$/, "");
  for (let number = Number(name.slice(stem.length) || 1) + 1; ; number++) {
    const free = `${stem.slice(0, 63 - String(number).length)}${number}`;
    if (!taken.has(free)) return free;
  }
}

/** A host without the addresses that it cannot keep, its MAC addresses, and the routes that lead nowhere without them. */
function without(host: HostWritten, keeps: (address: string) => boolean): HostWritten {
  const { address, mac: _, interfaces, gateway, routes, ...rest } = host;
  const own = addressLeft(address, keeps);
  const copy: HostWritten = {
    ...rest,
    ...(own !== undefined && { address: own }),
    ...(interfaces !== undefined && {
      interfaces: Object.fromEntries(
        Object.entries(interfaces).map(([name, each]) => [name, interfaceLeft(each, keeps)]),
      ),
    }),
  };
  const prefixes = addressesOf(copy).flatMap((text) => parsePrefix(text)?.prefix ?? []);
  const leads = (via: string): boolean => {
    const next = parseIp(String(via));
    return next !== undefined && prefixes.some((prefix) => contains(prefix, next));
  };
  const left = (routes ?? []).filter(({ via }) => leads(via));
  return {
    ...copy,
    ...(gateway !== undefined && leads(gateway) && { gateway }),
    ...(left.length > 0 && { routes: left }),
  };
}

function addressLeft(
  address: InterfaceWritten["address"],
  keeps: (address: string) => boolean,
): InterfaceWritten["address"] | undefined {
  if (address === undefined || typeof address === "string")
    return address !== undefined && keeps(address) ? address : undefined;
  const left = address.filter(keeps);
  return left.length === 0 ? undefined : left;
}

function interfaceLeft(
  written: string | InterfaceWritten,
  keeps: (address: string) => boolean,
): string | InterfaceWritten {
  if (typeof written === "string") return keeps(written) ? written : {};
  const { address, mac: _, ...rest } = written;
  const left = addressLeft(address, keeps);
  return { ...rest, ...(left !== undefined && { address: left }) };
}

/** Its programs speak to the copies of whom they spoke to, as far as those can be reached. */
function withNames(
  host: HostWritten,
  programs: Situation["programs"],
  named: (host: string) => string | undefined,
  network: NetworkWritten,
): HostWritten {
  const changes = [...ofPrograms(host, programs, ["programs"])].flatMap(({ path, host: name, rest }): Change[] => {
    const copy = named(name);
    return copy === undefined || (copy === name && !isTaken(network, name))
      ? []
      : [{ do: "set", path, value: `${copy}${rest}` }];
  });
  return changes.length === 0 ? host : (changed(host, changes) as HostWritten & { programs: ProgramWritten[] });
}

function copyCable(cable: CableWritten, names: ReadonlyMap<string, string>): CableWritten {
  const anew = (end: string): string =>
    `${names.get(deviceAt(end)) ?? deviceAt(end)}${end.slice(deviceAt(end).length)}`;
  const { between, from, ...rest } = cable;
  return {
    between: [anew(String(between?.[0])), anew(String(between?.[1]))],
    ...rest,
    ...(from !== undefined && {
      from: Object.fromEntries(Object.entries(from).map(([end, each]) => [anew(end), each])),
    }),
  };
}
