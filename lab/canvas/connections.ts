import type { NetworkInfo } from "../../src/engine/protocol/index.ts";
import type { NetworkSnapshot } from "../../src/network/network.ts";
import { isHost } from "../host/devices.ts";
import { talkId } from "./talk-lines.ts";
import type { Graph, GraphEdge, GraphNode } from "./topology.ts";

/** One TCP connection, from the side that opened it, or a UDP socket that is connected. */
interface Talk {
  readonly from: string;
  readonly to: string;
  readonly protocol: "TCP" | "UDP";
  readonly port: string;
  readonly state: string;
}

/** What layer 4 sees, or programs: hosts, and the connections between them. */
export function connectionGraph(network: NetworkInfo, snapshot: NetworkSnapshot | undefined, programs: boolean): Graph {
  const hosts = network.devices.filter(({ kind }) => kind === "host" || kind === "router");
  const talks = snapshot === undefined ? [] : talksOf(snapshot);
  const talking = new Set(talks.flatMap(({ from, to }) => [from, to]));
  const nodes = hosts
    .filter(({ name, kind }) => kind === "host" || talking.has(name))
    .map((device): GraphNode => {
      const { name, kind } = device;
      const details = programs ? programsOf(name, network, snapshot) : listeningOf(name, snapshot);
      return { id: name, kind, name, device: name, details };
    });
  const known = new Set(nodes.map(({ id }) => id));
  const groups = new Map<string, { talk: Talk; count: number; states: Set<string> }>();
  for (const talk of talks) {
    if (!known.has(talk.from) || !known.has(talk.to)) continue;
    const key = talkId(talk.from, talk.to, talk.protocol, talk.port);
    const group = groups.get(key) ?? { talk, count: 0, states: new Set<string>() };
    group.count++;
    group.states.add(talk.state);
    groups.set(key, group);
  }
  return { nodes, edges: [...groups].map(([id, group]) => edgeOf(id, group, programs)) };
}

function edgeOf(
  id: string,
  { talk, count, states }: { talk: Talk; count: number; states: Set<string> },
  programs: boolean,
): GraphEdge {
  const times = count > 1 ? ` ×${count}` : "";
  const state = programs || states.size === 0 ? "" : ` ${[...states].filter(Boolean).join(", ")}`;
  return { id, a: talk.from, b: talk.to, ends: ["", ""], label: `${talk.protocol} ${talk.port}${times}${state}` };
}

const splitEndpoint = (endpoint: string): [address: string, port: string] => {
  const colon = endpoint.lastIndexOf(":");
  return [endpoint.slice(0, colon), endpoint.slice(colon + 1)];
};

function talksOf({ devices }: NetworkSnapshot): Talk[] {
  const hosts = devices.filter(isHost);
  const owners = new Map<string, string>();
  for (const { name, ipv4 } of hosts) {
    for (const { addresses } of ipv4.interfaces) {
      for (const address of addresses) owners.set(address.split("/")[0] as string, name);
    }
  }
  const talks: Talk[] = [];
  for (const { name, tcp, udp } of hosts) {
    const served = new Set(tcp.listening.map(({ local }) => splitEndpoint(local)[1]));
    for (const { local, remote, state } of tcp.connections) {
      const [address, port] = splitEndpoint(remote);
      const to = owners.get(address);
      // A connection is seen at both ends: it counts at the one that does not listen.
      if (to !== undefined && !served.has(splitEndpoint(local)[1])) {
        talks.push({ from: name, to, protocol: "TCP", port, state });
      }
    }
    for (const { remote } of udp.endpoints) {
      const [address, port] = splitEndpoint(remote ?? "");
      const to = owners.get(address);
      if (to !== undefined) talks.push({ from: name, to, protocol: "UDP", port, state: "" });
    }
  }
  return talks;
}

function programsOf(host: string, network: NetworkInfo, snapshot: NetworkSnapshot | undefined): string[] {
  const running = snapshot?.programs.filter((program) => program.host === host);
  if (running !== undefined)
    return running.map(({ name, state }) => (state === "running" ? name : `${name} (${state})`));
  return [...(network.devices.find(({ name }) => name === host)?.programs ?? [])];
}

function listeningOf(host: string, snapshot: NetworkSnapshot | undefined): string[] {
  const device = snapshot?.devices.find(({ name }) => name === host);
  if (device === undefined || !isHost(device)) return [];
  const tcp = device.tcp.listening.map(({ local }) => `TCP ${splitEndpoint(local)[1]}`);
  const udp = device.udp.endpoints.flatMap(({ local, remote }) =>
    remote === undefined ? [`UDP ${splitEndpoint(local)[1]}`] : [],
  );
  return [...new Set([...tcp, ...udp])].slice(0, 6);
}
