import { formatIp } from "../address/ip.ts";
import type { Domain } from "../application/program.ts";
import { Host } from "../device/host.ts";
import type { Network } from "./network.ts";

/**
 * All hosts that a network has by now, under one domain: what a name server is given.
 * @param name `"example.test"` @param server the host that the name server runs on
 */
export function domainOf(network: Network, name: string, server: Host | string): Domain {
  const hosts = [...network.devices.values()].filter((device) => device instanceof Host);
  return {
    name,
    server: typeof server === "string" ? server : server.name,
    hosts: hosts.map((host) => ({ name: host.name, addresses: addressesOf(host) })),
  };
}

function addressesOf(host: Host): string[] {
  const interfaces = host.internet.interfaces.all.filter(({ nic }) => nic !== host.loopback);
  return interfaces.flatMap(({ addresses }) =>
    addresses.map(({ address, prefix }) => `${formatIp(address)}/${prefix.length}`),
  );
}
