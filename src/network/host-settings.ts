import type { IpAddress } from "../address/ip.ts";
import { contains } from "../address/prefix.ts";
import type { HostSettings } from "../application/shell/command.ts";
import type { Host } from "../device/host.ts";
import type { Interface } from "../internet/ipv4/interface.ts";

/** What commands may change of a host: as `configure` and `addRoute` do when a network is built. */
export function settingsOf(host: Host): HostSettings {
  const nicOf = (name: string) => host.nics.find((nic) => nic.name === name);
  const { internet } = host;
  /** The interface in whose network an address lies. */
  const near = (address: IpAddress): Interface | undefined =>
    internet.interfaces.all.find(({ addresses }) => addresses.some(({ prefix }) => contains(prefix, address)));
  return {
    addAddress: (name, address, length) => {
      const nic = nicOf(name);
      return nic === undefined ? "ENODEV" : internet.configure(nic, address, length);
    },
    removeAddress: (name, address) => {
      const nic = nicOf(name);
      return nic === undefined ? "ENODEV" : internet.deconfigure(nic, address);
    },
    addRoute: (prefix, { gateway, nic: name, metric, rejects = false }) => {
      const nic = name === undefined ? undefined : nicOf(name);
      if (name !== undefined && nic === undefined) return "ENODEV";
      return internet.addRoute(prefix, { gateway, nic, metric, kind: rejects ? "unreachable" : "unicast" });
    },
    removeRoute: (prefix, gateway) => internet.removeRoute(prefix, gateway),
    setNeighbor: (address, mac) => {
      const table = near(address)?.arp?.table;
      table?.set(address, mac);
      return table === undefined ? "ENETUNREACH" : undefined;
    },
    forgetNeighbor: (address) => (near(address)?.arp?.table.forget(address) ? undefined : "ENXIO"),
  };
}
