import { formatIp, type IpAddress, isLoopback, isMulticast, isReserved, parseIp } from "../../address/ip.ts";
import { parseMac } from "../../address/mac.ts";
import { broadcastOf, contains, formatPrefix, type Prefix, parsePrefix } from "../../address/prefix.ts";
import type { HostDocument, HubDocument, InterfaceDocument, RouteDocument } from "../../network/document.ts";
import type { CongestionControlName } from "../../transport/tcp/congestion/choose.ts";
import type { Reading } from "./reading.ts";
import { type HostFile, type NetworkFile, PORTS_LIMIT } from "./schema.ts";
import { readTcp } from "./values.ts";
import type { Path } from "./yaml.ts";

/** A host whose names and programs are still to be read, and where the parts of it stand. */
export interface HostRead {
  readonly host: HostDocument;
  readonly path: Path;
  /** Where each address stands. */
  readonly addresses: readonly AddressRead[];
  /** Where each gateway stands: of the default route, then of the others. */
  readonly gateways: readonly { readonly gateway: IpAddress; readonly path: Path }[];
}

export interface AddressRead {
  readonly address: IpAddress;
  readonly prefix: Prefix;
  readonly interface: string;
  readonly path: Path;
}

export interface DevicesRead {
  readonly hosts: ReadonlyMap<string, HostRead>;
  /** The number of ports is what the file says, or 0. */
  readonly hubs: ReadonlyMap<string, HubDocument>;
}

const DEFAULT_ROUTE = parsePrefix("0.0.0.0/0")?.prefix as Prefix;

/** Reads the boxes, and checks each for itself. */
export function readDevices(reading: Reading, file: NetworkFile): DevicesRead {
  const hosts = new Map<string, HostRead>();
  const hubs = new Map<string, HubDocument>();
  let ports = 0;
  for (const [name, device] of Object.entries(file.devices)) {
    if ("ports" in device) ports += device.ports ?? 0;
    if (device.kind === "hub" || device.kind === "switch")
      hubs.set(name, { kind: device.kind, name, ports: device.ports ?? 0 });
    else hosts.set(name, readHost(reading, name, device, ["devices", name]));
  }
  if (ports > PORTS_LIMIT) {
    reading.error(["devices"], `${ports} ports are more than the limit of ${PORTS_LIMIT}`, undefined, "key");
  }
  return { hosts, hubs };
}

function readHost(reading: Reading, name: string, file: HostFile, path: Path): HostRead {
  const addresses: AddressRead[] = [];
  const interfaces: InterfaceDocument[] = [];
  for (const { name: nic, written, at } of interfacesOf(reading, file, path)) {
    if (nic === "lo") reading.error(at, '"lo" is the loopback interface, which every host has', "name it eth0", "key");
    const own = readAddresses(reading, nic, written.address, at);
    addresses.push(...own);
    interfaces.push({
      name: nic,
      addresses: own.map(({ address, prefix }) => ({ address, prefix })),
      mtu: written.mtu,
      mac: written.mac === undefined ? undefined : parseMac(written.mac),
    });
  }
  checkAddresses(reading, addresses);
  const { routes, gateways } = readRoutes(reading, name, file, path, addresses);
  const host: HostDocument = {
    kind: file.kind,
    name,
    interfaces,
    routes,
    tcp: readTcp(file.tcp),
    names: {},
    programs: [],
  };
  return { host, path, addresses, gateways };
}

type InterfaceWritten = Pick<HostFile, "address" | "mtu" | "mac">;

/** The interfaces as they are written, and where: those with names, or the one of the host itself. */
function* interfacesOf(
  reading: Reading,
  file: HostFile,
  path: Path,
): Generator<{ name: string; written: InterfaceWritten; at: Path }> {
  if (file.interfaces === undefined) {
    yield { name: "eth0", written: file, at: path };
    return;
  }
  for (const key of ["address", "mtu", "mac"] as const) {
    if (file[key] === undefined) continue;
    reading.error(
      [...path, key],
      `"${key}" is of one interface, and this device has "interfaces"`,
      "write it there",
      "key",
    );
  }
  for (const [name, written] of Object.entries(file.interfaces)) {
    const at = [...path, "interfaces", name];
    yield { name, written: typeof written === "string" ? { address: written } : written, at };
  }
}

function readAddresses(reading: Reading, nic: string, written: string | string[] | undefined, at: Path): AddressRead[] {
  const texts = written === undefined ? [] : [written].flat();
  return texts.flatMap((text, index) => {
    const path =
      typeof reading.valueAt(at) === "string" ? at : [...at, "address", ...(Array.isArray(written) ? [index] : [])];
    const parsed = parsePrefix(text);
    const refused = parsed === undefined ? "is not an address" : refusal(parsed.address, parsed.prefix);
    if (refused !== undefined) reading.error(path, `${text} ${refused}`);
    return parsed === undefined || refused !== undefined ? [] : [{ ...parsed, interface: nic, path }];
  });
}

/** Why no interface can have an address; undefined when one can. */
function refusal(address: IpAddress, prefix: Prefix): string | undefined {
  if (address >>> 24 === 0) return "is no host's address: 0.0.0.0/8 means this network";
  if (isLoopback(address)) return "is a loopback address, which every host has already";
  if (isMulticast(address)) return "is a multicast address, not a host's";
  if (isReserved(address) || address === -1) return "is a reserved address";
  if (prefix.length < 31 && address === prefix.address) return "is the network itself: its host bits are all 0";
  if (address === broadcastOf(prefix)) return "is the network's broadcast address";
  return undefined;
}

function checkAddresses(reading: Reading, addresses: readonly AddressRead[]): void {
  addresses.forEach((each, index) => {
    for (const other of addresses.slice(0, index)) {
      if (other.address === each.address) {
        reading.error(
          each.path,
          `${formatIp(each.address)} stands twice on this device, first in line ${reading.lineOf(other.path)}`,
        );
      } else if (other.interface !== each.interface && overlap(other.prefix, each.prefix)) {
        const both = `${formatPrefix(each.prefix)} and ${formatPrefix(other.prefix)}`;
        reading.warn(each.path, `${both} overlap on two interfaces of this device: packets leave by one of them only`);
      }
    }
  });
}

const overlap = (a: Prefix, b: Prefix): boolean => contains(a, b.address) || contains(b, a.address);

function readRoutes(
  reading: Reading,
  name: string,
  file: HostFile,
  path: Path,
  addresses: readonly AddressRead[],
): { routes: RouteDocument[]; gateways: { gateway: IpAddress; path: Path }[] } {
  const routes: RouteDocument[] = [];
  const gateways: { gateway: IpAddress; path: Path }[] = [];
  const add = (to: Prefix, via: string, at: Path, congestionControl?: CongestionControlName): void => {
    const gateway = parseIp(via);
    if (gateway === undefined) return;
    if (addresses.some(({ address }) => address === gateway)) {
      reading.error(at, `${via} is ${name} itself`, "a gateway is a router on the same link");
    } else if (!addresses.some(({ prefix }) => contains(prefix, gateway))) {
      const there = addresses.map(({ prefix }) => formatPrefix(prefix)).join(", ");
      reading.error(
        at,
        `no interface of ${name} reaches ${via}`,
        there === "" ? "give it an address" : `it is on ${there}`,
      );
    } else {
      routes.push({ to, gateway, congestionControl });
      gateways.push({ gateway, path: at });
    }
  };
  if (file.gateway !== undefined) add(DEFAULT_ROUTE, file.gateway, [...path, "gateway"]);
  file.routes?.forEach((route, index) => {
    const at = [...path, "routes", index];
    const to = parsePrefix(route.to);
    if (to === undefined) return;
    if (to.address !== to.prefix.address) {
      reading.error(
        [...at, "to"],
        `${route.to} has bits set behind its prefix`,
        `did you mean "${formatPrefix(to.prefix)}"?`,
      );
    }
    add(to.prefix, route.via, [...at, "via"], route.congestionControl);
  });
  return { routes, gateways };
}
