import type {
  DeviceWritten,
  DocumentCommand,
  HostWritten,
  NetworkInfo,
  NetworkWritten,
} from "../../src/engine/protocol/index.ts";

/** Interfaces and ports of a device to which no cable goes. */
export function freePorts(device: string, network: NetworkInfo): string[] {
  const taken = new Set(network.cables.flatMap(({ a, b, gone }) => (gone ? [] : [a, b])));
  const interfaces = network.devices.find(({ name }) => name === device)?.interfaces ?? [];
  return interfaces.filter(({ nic, medium }) => medium !== "loopback" && !taken.has(nic)).map(({ name }) => name);
}

/** The first of `eth0`, `eth1`, … that a device does not have. */
export function freeInterface(names: readonly string[]): string {
  for (let number = 0; ; number++) if (!names.includes(`eth${number}`)) return `eth${number}`;
}

/** Whether it has a TCP/IP stack. */
export const isStation = (device: DeviceWritten): device is HostWritten =>
  device.kind === "host" || device.kind === "router";

/** What gives a device a port for one more cable, if it has none. */
export function withRoom(device: string, network: NetworkInfo, written: NetworkWritten): DocumentCommand[] {
  if (freePorts(device, network).length > 0) return [];
  const own = written.devices[device];
  if (own === undefined) return [];
  if (!isStation(own)) {
    return own.ports === undefined ? [] : [{ do: "device.set", name: device, set: { ports: own.ports + 1 } }];
  }
  const names = own.interfaces === undefined ? ["eth0"] : Object.keys(own.interfaces);
  return [{ do: "interface.set", device, interface: freeInterface(names), set: {} }];
}

/** A cable between two devices, with a port at each end: as one step. */
export function joining(a: string, b: string, network: NetworkInfo, written: NetworkWritten): DocumentCommand[] {
  return [
    ...withRoom(a, network, written),
    ...withRoom(b, network, written),
    { do: "cable.add", cable: { between: [a, b] } },
  ];
}
