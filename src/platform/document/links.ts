import { formatIp, type IpAddress } from "../../address/ip.ts";
import { contains, formatPrefix } from "../../address/prefix.ts";
import type { CableDocument } from "../../network/document.ts";
import type { Ports } from "./cables.ts";
import type { AddressRead, DevicesRead, HostRead } from "./devices.ts";
import type { Reading } from "./reading.ts";

/** An address, and whose it is. */
type Owned = AddressRead & { readonly owner: HostRead };

/** Checks what only shows when all cables are known: the addresses that share a link, and the gateways on it. */
export function checkLinks(
  reading: Reading,
  devices: DevicesRead,
  cables: readonly CableDocument[],
  ports: Ports,
): void {
  const links = new Links();
  for (const { a, b } of cables) {
    const [one, other] = [a, b].map(({ device, port }) => (devices.hubs.has(device) ? device : `${device}.${port}`));
    links.join(one as string, other as string);
  }
  const linkOf = ({ owner, interface: nic }: Owned) => links.of(`${owner.host.name}.${nic}`);
  const open = openLinks(devices, cables, links);
  const all = [...devices.hosts.values()].flatMap((owner) => owner.addresses.map((each) => ({ ...each, owner })));
  checkDuplicates(reading, all, linkOf);
  const byLink = new Map<string, Owned[]>();
  for (const each of all) {
    const link = linkOf(each);
    const here = byLink.get(link);
    if (here === undefined) byLink.set(link, [each]);
    else here.push(each);
  }
  for (const [link, here] of byLink) checkPrefixes(reading, here, open.has(link));
  for (const host of devices.hosts.values()) {
    checkGateways(reading, host, (each) => {
      const link = linkOf({ ...each, owner: host });
      return open.has(link) ? undefined : (byLink.get(link) ?? []);
    });
    checkCabled(reading, host, ports);
  }
}

/** Links to which a tunnel or stream goes: who else is on them cannot be known. */
function openLinks(devices: DevicesRead, cables: readonly CableDocument[], links: Links): Set<string> {
  const ends = cables.flatMap(({ a, b }) => [a, b]);
  const doors = ends.filter(({ device }) => !devices.hosts.has(device) && !devices.hubs.has(device));
  return new Set(doors.map(({ device, port }) => links.of(`${device}.${port}`)));
}

function checkDuplicates(reading: Reading, all: readonly Owned[], linkOf: (each: Owned) => string): void {
  const first = new Map<IpAddress, Owned>();
  for (const each of all) {
    const before = first.get(each.address);
    if (before === undefined) first.set(each.address, each);
    else if (before.owner !== each.owner) {
      const whose = `${before.owner.host.name} has it too, in line ${reading.lineOf(before.path)}`;
      const message = `${formatIp(each.address)} stands twice in the network: ${whose}`;
      if (linkOf(before) === linkOf(each))
        reading.error(each.path, message, "each host on a link needs an address of its own");
      else reading.warn(each.path, message, "they are on different links, and no route tells them apart");
    }
  }
}

/** Hosts on one link that cannot talk, because they think they are on different ones. */
function checkPrefixes(reading: Reading, here: readonly Owned[], isOpen: boolean): void {
  const heard = new Set<HostRead>();
  for (const { owner, prefix } of here) {
    if (here.some((other) => other.owner !== owner && contains(prefix, other.address))) heard.add(owner);
  }
  for (const { owner, prefix, path } of isOpen ? [] : here) {
    const others = here.filter((other) => other.owner !== owner);
    if (heard.has(owner) || others.length === 0) continue;
    const found = [...new Set(others.map((other) => formatPrefix(other.prefix)))].slice(0, 3).join(", ");
    reading.warn(path, `nobody else on this link is in ${formatPrefix(prefix)}`, `the others are in ${found}`);
  }
}

function checkGateways(
  reading: Reading,
  host: HostRead,
  neighbours: (address: AddressRead) => readonly Owned[] | undefined,
): void {
  for (const { gateway, path } of host.gateways) {
    const own = host.addresses.find(({ prefix }) => contains(prefix, gateway));
    const here = own === undefined ? undefined : neighbours(own);
    if (here === undefined) continue;
    const found = here.find(({ address }) => address === gateway)?.owner.host;
    if (found === undefined) reading.warn(path, `nobody on the link has the address ${formatIp(gateway)}`);
    else if (found.kind !== "router") {
      reading.warn(path, `${found.name}, which has this address, forwards nothing`, "a gateway is of kind router");
    }
  }
}

function checkCabled(reading: Reading, { host, addresses }: HostRead, ports: Ports): void {
  for (const { name } of host.interfaces) {
    const address = addresses.find((each) => each.interface === name);
    if (address === undefined || ports.isTaken(host.name, name)) continue;
    reading.warn(address.path, `no cable goes to ${host.name}.${name}`);
  }
}

/** Sets of ports that are joined: union by find, with paths halved. */
class Links {
  readonly #parents = new Map<string, string>();

  of(port: string): string {
    let at = port;
    for (;;) {
      const parent = this.#parents.get(at);
      if (parent === undefined) return at;
      const above = this.#parents.get(parent);
      if (above !== undefined) this.#parents.set(at, above);
      at = parent;
    }
  }

  join(a: string, b: string): void {
    const [one, other] = [this.of(a), this.of(b)];
    if (one !== other) this.#parents.set(one, other);
  }
}
