import type { Crossing, NetworkInfo } from "../../src/engine/protocol/index.ts";
import { nicsOf } from "./segments.ts";
import type { Way } from "./traffic.ts";

/** A frame on the line of its connection: which part of the line stands for the cable that it crosses. */
export interface LineCrossing extends Crossing {
  readonly part?: readonly [from: number, to: number];
}

interface Hop {
  readonly cable: number;
  readonly direction: Crossing["direction"];
}

/** Lines that have a number; the oldest are forgotten. */
const LINES_LIMIT = 10_000;
/** Lines are told apart from cables by where their numbers begin. */
const FIRST_LINE = 1_000_000;
const numbers = new Map<string, number>();
let nextLine = FIRST_LINE;

/** The number of a connection's line, the same for as long as it is remembered. */
export function lineOf(id: string): number {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  if (numbers.size >= LINES_LIMIT) numbers.delete(numbers.keys().next().value as string);
  numbers.set(id, nextLine);
  return nextLine++;
}

/** How the line of connections between two hosts is called; many to one port are one line. */
export const talkId = (from: string, to: string, transport: string, port: string): string =>
  `${from} ${to} ${transport} ${port}`;

/** Finds on which connection's line a frame is, and how far: as far as the cables that lie behind it are of all between the hosts. */
export class TalkLines {
  readonly #network: NetworkInfo;
  readonly #owners = new Map<string, string>();
  readonly #ways = new Map<string, readonly Hop[]>();

  constructor(network: NetworkInfo) {
    this.#network = network;
    for (const { name, interfaces } of network.devices) {
      for (const { addresses } of interfaces) {
        for (const address of addresses) this.#owners.set(address.split("/")[0] as string, name);
      }
    }
  }

  /**
   * @param shown the lines there are, by {@link talkId}
   * @returns undefined for what goes between no two hosts of a line, or beside their way, as what a hub sends to all
   */
  place(crossing: Crossing, shown: ReadonlySet<string>): LineCrossing | undefined {
    const { flow } = crossing;
    if (flow === undefined) return undefined;
    const [source, sourcePort] = this.#endOf(flow.source);
    const [destination, destinationPort] = this.#endOf(flow.destination);
    if (source === undefined || destination === undefined) return undefined;
    const there = talkId(source, destination, flow.transport, destinationPort);
    const back = talkId(destination, source, flow.transport, sourcePort);
    const id = shown.has(there) ? there : shown.has(back) ? back : undefined;
    if (id === undefined) return undefined;
    const hops = this.#way(source, destination);
    const at = hops.findIndex(({ cable, direction }) => cable === crossing.cable && direction === crossing.direction);
    if (at < 0) return undefined;
    const direction = id === there ? "a-b" : "b-a";
    return { ...crossing, cable: lineOf(id), direction, part: [at / hops.length, (at + 1) / hops.length] };
  }

  #endOf(endpoint: string): [host: string | undefined, port: string] {
    const colon = endpoint.lastIndexOf(":");
    return [this.#owners.get(endpoint.slice(0, colon)), endpoint.slice(colon + 1)];
  }

  /** The cables from a device to another, by the shortest way. */
  #way(from: string, to: string): readonly Hop[] {
    const key = `${from} ${to}`;
    const known = this.#ways.get(key);
    if (known !== undefined) return known;
    const way = shortestWay(this.#network, from, to);
    this.#ways.set(key, way);
    return way;
  }
}

function shortestWay(network: NetworkInfo, from: string, to: string): Hop[] {
  const nics = nicsOf(network);
  const reached = new Map<string, Hop[]>([[from, []]]);
  for (const [device, hops] of reached) {
    if (device === to) return hops;
    for (const { index, a, b } of network.cables) {
      for (const [near, far, way] of [[a, b, 0] as const, [b, a, 1] as const]) {
        const next = nics.get(far)?.device.name;
        if (nics.get(near)?.device.name !== device || next === undefined || reached.has(next)) continue;
        reached.set(next, [...hops, { cable: index, direction: directionOf(way) }]);
      }
    }
  }
  return [];
}

const directionOf = (way: Way): Crossing["direction"] => (way === 0 ? "a-b" : "b-a");
