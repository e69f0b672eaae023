import { isSame } from "../../base/plain-data.ts";
import type { Host } from "../../device/host.ts";
import { DEFAULT_SETTINGS, type TcpSettings } from "../../transport/tcp/settings.ts";
import { ETHERNET_MTU } from "../../wire/ethernet.ts";
import { interfaceOptions } from "../build.ts";
import type { HostDocument, InterfaceDocument, RouteDocument } from "../document.ts";
import type { Network } from "../network.ts";

/** Interfaces of a host that are to be others: they go before its cables are looked at. */
export function removeInterfaces(network: Network, host: Host, was: HostDocument, is: HostDocument): void {
  for (const { name, mac } of was.interfaces) {
    const next = is.interfaces.find((each) => each.name === name);
    if (next === undefined || next.mac !== mac) network.removeInterface(host, name);
  }
}

/** Makes of a host that runs what a new document says of it, but for its programs and what has not changed. */
export function changeHost(network: Network, host: Host, was: HostDocument, is: HostDocument): void {
  let moved = false;
  for (const next of is.interfaces) {
    const before = was.interfaces.find(({ name }) => name === next.name);
    const nic = host.nics.find(({ name }) => name === next.name);
    if (nic === undefined || before === undefined) {
      network.addInterface(host, next.name, interfaceOptions(next));
      moved = true;
      continue;
    }
    if (before.mtu !== next.mtu) {
      nic.mtu = next.mtu ?? ETHERNET_MTU;
      host.internet.mtuChanged();
    }
    if (isSame(before.addresses, next.addresses)) continue;
    changeAddresses(host, before, next);
    moved = true;
  }
  changeRoutes(host, was.routes, is.routes, moved || was.interfaces.length !== is.interfaces.length);
  if (!isSame(was.names, is.names)) network.names.change(is.names, host);
}

/** What a host's TCP goes by from now on; connections that there are keep what they have. */
export function changeTcp(host: Host, settings: Partial<TcpSettings>): void {
  host.tcp.settings = { ...DEFAULT_SETTINGS, ...settings };
}

type Addresses = InterfaceDocument["addresses"];

function changeAddresses(host: Host, was: InterfaceDocument, is: InterfaceDocument): void {
  const nic = host.nics.find(({ name }) => name === is.name);
  if (nic === undefined) return;
  const has = (all: Addresses, { address, prefix }: Addresses[number]): boolean =>
    all.some((other) => other.address === address && other.prefix.length === prefix.length);
  const kept = was.addresses.filter((each) => has(is.addresses, each));
  const added = is.addresses.filter((each) => !has(was.addresses, each));
  // The first is the one by which it speaks: where the order changes, all of them are given anew.
  const inOrder = isSame([...kept, ...added], is.addresses);
  for (const each of was.addresses) {
    if (!inOrder || !has(is.addresses, each)) host.internet.deconfigure(nic, each.address);
  }
  for (const { address, prefix } of inOrder ? added : is.addresses)
    host.internet.configure(nic, address, prefix.length);
}

/** @param moved addresses have changed, and with them routes may have gone that are still wanted */
function changeRoutes(host: Host, was: readonly RouteDocument[], is: readonly RouteDocument[], moved: boolean): void {
  const has = (all: readonly RouteDocument[], route: RouteDocument): boolean =>
    all.some((other) => isSame(other, route));
  for (const route of was) if (!has(is, route)) host.internet.removeRoute(route.to, route.gateway);
  for (const route of is) {
    if (!moved && has(was, route)) continue;
    const { to, gateway, congestionControl } = route;
    host.internet.addRoute(to, { gateway, congestionControl });
  }
}
