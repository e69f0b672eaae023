import { useMemo } from "react";
import type { NetworkInfo, NetworkWritten } from "../../src/engine/protocol/index.ts";
import type { NetworkSnapshot } from "../../src/network/network.ts";
import { connectionGraph } from "./connections.ts";
import { layOut, type Point, upright } from "./layout.ts";
import { nicsOf } from "./segments.ts";
import { type Graph, internetGraph, type Layer, linkGraph, wholeGraph } from "./topology.ts";

/** The network as a layer sees it. */
export function graphOf(network: NetworkInfo, layer: Layer, snapshot: NetworkSnapshot | undefined): Graph {
  if (layer === "link") return linkGraph(network);
  if (layer === "internet") return internetGraph(network);
  if (layer === "all") return wholeGraph(network);
  return connectionGraph(network, snapshot, layer === "application");
}

/** Places that the document gives. */
export type Layout = NetworkWritten["layout"];

/**
 * Places for the whole network, which every layer keeps: a device does not move when another layer is shown. Those of the
 * document, and for what has none there one by how it is joined.
 */
export function usePlaces(network: NetworkInfo, layout: Layout, portrait: boolean): ReadonlyMap<string, Point> {
  return useMemo(() => placesOf(network, layout, portrait), [network, layout, portrait]);
}

export function placesOf(network: NetworkInfo, layout: Layout, portrait: boolean): ReadonlyMap<string, Point> {
  const graph = wholeGraph(network);
  const written = new Map<string, Point>();
  for (const { id, kind, device } of graph.nodes) {
    const names =
      kind === "outside" ? network.doors.filter(({ from }) => from === device).map(({ name }) => name) : [id];
    const [x, y] = names.map((name) => layout?.[name]).find((at) => at !== undefined) ?? [];
    if (x !== undefined && y !== undefined) written.set(id, { x, y });
  }
  const places = layOut(graph, written);
  return portrait && written.size === 0 ? upright(places) : places;
}

/** Where a node stands that has no place of its own, such as a network of layer 3: amid the devices that its cables join. */
export function placeOf(id: string, graph: Graph, network: NetworkInfo, places: ReadonlyMap<string, Point>): Point {
  const known = places.get(id);
  if (known !== undefined) return known;
  const nics = nicsOf(network);
  const cables = graph.edges.filter(({ a, b }) => a === id || b === id).flatMap(({ cable }) => cable ?? []);
  const ends = cables.flatMap((index) => [network.cables[index]?.a, network.cables[index]?.b]);
  const devices = ends.flatMap((nic) => (nic === undefined ? [] : (nics.get(nic)?.device ?? [])));
  const relays = devices.filter(({ kind }) => kind === "hub" || kind === "switch");
  const around = (relays.length > 0 ? relays : devices).flatMap(({ name }) => places.get(name) ?? []);
  const mean = (of: (point: Point) => number): number =>
    around.length === 0 ? 0 : around.reduce((sum, point) => sum + of(point), 0) / around.length;
  return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
}
