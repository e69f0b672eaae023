import type { DeviceInfo, NetworkInfo } from "../../src/engine/protocol/index.ts";
import { nicsOf, relays, segmentsOf } from "./segments.ts";

/** As which layer the network is shown: all there is, or what one layer sees of it. */
export type Layer = "all" | "link" | "internet" | "transport" | "application";

export const LAYERS: readonly Layer[] = ["all", "link", "internet", "transport", "application"];

export interface GraphNode {
  readonly id: string;
  readonly kind: DeviceInfo["kind"] | "outside" | "network";
  readonly name: string;
  /** Lines under the name, when addresses are asked for. */
  readonly details: readonly string[];
  /** The device that selecting it selects. */
  readonly device?: string;
}

export interface GraphEdge {
  readonly id: string;
  /** From where to where, by the nodes' ids. */
  readonly a: string;
  readonly b: string;
  /** The cable it stands for: its frames are drawn on it. */
  readonly cable?: number;
  /** What stands at its two ends, when addresses are asked for. */
  readonly ends: readonly [string, string];
  readonly label?: string;
  readonly dashed?: boolean;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Every device and every cable. */
export function wholeGraph(network: NetworkInfo): Graph {
  const nodes = network.devices.map((device) => ({
    ...{ id: device.name, kind: device.kind, name: device.name, device: device.name },
    details: addressesOf(device),
  }));
  return withOutside(network, { nodes, edges: cableEdges(network, ({ name }) => name) });
}

/** What layer 2 sees: Nics and their MAC addresses, and what relays frames. */
export function linkGraph(network: NetworkInfo): Graph {
  const nodes = network.devices.map((device) => ({
    ...{ id: device.name, kind: device.kind, name: device.name, device: device.name },
    details: relays(device) ? [] : device.interfaces.filter(isWired).map(({ name, mac }) => `${name} ${mac}`),
  }));
  return { nodes, edges: cableEdges(network, ({ name }) => name) };
}

/** What layer 3 sees: hosts and routers with their addresses, and the networks that join them; hubs and switches are inside those. */
export function internetGraph(network: NetworkInfo): Graph {
  const segments = segmentsOf(network);
  const stations = network.devices.filter((device) => !relays(device));
  const edges = cableEdges(network, () => "").flatMap((edge): GraphEdge[] => {
    const cable = network.cables[edge.cable ?? -1];
    const segment = cable && segments.find(({ cables }) => cables.includes(cable.index));
    if (segment === undefined || cable === undefined) return [];
    const ends = stations.flatMap((device) =>
      device.interfaces.filter(({ nic }) => nic === cable.a || nic === cable.b).map((it) => ({ device, it })),
    );
    return ends.map(({ device, it }) => ({
      id: `${cable.name}@${device.name}`,
      ...(it.nic === cable.a ? { a: device.name, b: segment.id } : { a: segment.id, b: device.name }),
      cable: cable.index,
      ends: ["", ""],
    }));
  });
  const nodes: GraphNode[] = [
    ...stations.map((device) => ({
      ...{ id: device.name, kind: device.kind, name: device.name, device: device.name },
      details: addressesOf(device),
    })),
    ...segments.map(({ id, prefix }) => ({ id, kind: "network" as const, name: prefix, details: [] })),
  ];
  return { nodes, edges };
}

const addressesOf = ({ interfaces }: DeviceInfo): string[] =>
  interfaces.filter(isWired).flatMap(({ addresses }) => addresses);
const isWired = ({ medium }: { readonly medium: string }): boolean => medium !== "loopback";

function cableEdges(network: NetworkInfo, end: (nic: { name: string }) => string): GraphEdge[] {
  const nics = nicsOf(network);
  return network.cables.flatMap((cable): GraphEdge[] => {
    if (cable.gone) return [];
    const a = nics.get(cable.a);
    const b = nics.get(cable.b);
    if (a === undefined || b === undefined) return [];
    const ends = [end(a), end(b)] as const;
    return [{ id: cable.name, a: a.device.name, b: b.device.name, cable: cable.index, ends }];
  });
}

/** The world outside, at each host where real clients come in. */
function withOutside(network: NetworkInfo, graph: Graph): Graph {
  const entrances = new Set(network.doors.flatMap(({ from }) => from ?? []));
  const outside = [...entrances].filter((host) => graph.nodes.some(({ id }) => id === host));
  const nodes = outside.map((host): GraphNode => {
    const doors = network.doors.filter(({ from }) => from === host);
    return {
      id: `outside:${host}`,
      kind: "outside",
      name: "",
      details: doors.flatMap(({ at, protocol }) => (at === undefined ? [] : protocol === "udp" ? `${at}/udp` : at)),
      device: host,
    };
  });
  const edges = outside.map((host): GraphEdge => {
    return { id: `outside-${host}`, a: `outside:${host}`, b: host, ends: ["", ""], dashed: true };
  });
  return { nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] };
}
