import { freePlace } from "./free-place.ts";
import type { Graph } from "./topology.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Between the middles of neighbours. */
const COLUMN = 190;
const ROW = 112;
/** Nodes in one column; more stand in further ones close beside it. */
const COLUMN_LIMIT = 9;
const CLOSE = 130;
const NONE: ReadonlyMap<string, Point> = new Map();
/** Times that columns are brought near each other; a network of 100 devices takes some milliseconds. */
const SWEEPS = 80;

/** The same places for a screen that is higher than wide: what went to the right goes down. */
export function upright(places: ReadonlyMap<string, Point>): Map<string, Point> {
  return new Map(
    [...places].map(([id, { x, y }]) => [id, { x: (y / ROW) * COLUMN * 0.75, y: (x / COLUMN) * ROW * 1.15 }]),
  );
}

/**
 * Places what has no place of its own: the longest way through it goes from left to right, and what hangs on that way stands
 * to the left of its first half and to the right of its second. Within a column nodes stand near their neighbours.
 */
export function layOut(graph: Graph, written: ReadonlyMap<string, Point> = NONE): Map<string, Point> {
  // The world outside is no part of the network: it stands beside it, and pulls at nothing.
  const nodes = graph.nodes.filter(({ kind }) => kind !== "outside");
  const places = layOutInside({ nodes, edges: graph.edges });
  for (const [id, at] of written) places.set(id, at);
  if (written.size > 0) {
    const loose = new Set(nodes.map(({ id }) => id).filter((id) => !written.has(id)));
    for (const id of [...loose]) {
      places.set(id, near(id, graph, places, loose));
      loose.delete(id);
    }
  }
  for (const { id, kind } of graph.nodes) {
    if (written.has(id)) continue;
    const edge = kind === "outside" ? graph.edges.find(({ a }) => a === id) : undefined;
    const host = edge && places.get(edge.b);
    if (host !== undefined) places.set(id, beside(host, places));
  }
  return places;
}

/** A free place for what has none, near what it is joined with. */
function near(id: string, { edges }: Graph, places: Map<string, Point>, loose: ReadonlySet<string>): Point {
  const others = [...places].filter(([other]) => !loose.has(other)).map(([, at]) => at);
  const joined = edges.flatMap(({ a, b }) => (a === id ? b : b === id ? a : []));
  const neighbour = joined.map((other) => places.get(other)).find((at) => at !== undefined && others.includes(at));
  return freePlace(neighbour ?? others[0] ?? { x: 0, y: 0 }, others);
}

/** A free place next to a node, away from the others if there is one. */
function beside({ x, y }: Point, places: ReadonlyMap<string, Point>): Point {
  const others = [...places.values()];
  const away = x * others.length <= others.reduce((sum, other) => sum + other.x, 0) ? -COLUMN : COLUMN;
  const choices = [
    { x: x + away, y },
    { x, y: y + ROW },
    { x, y: y - ROW },
    { x: x - away, y },
  ];
  const room = (at: Point): number => Math.min(...others.map((other) => Math.hypot(other.x - at.x, other.y - at.y)));
  const free = choices.find((choice) => room(choice) >= ROW * 0.75);
  return free ?? { x: Math.min(...others.map((other) => other.x)) - COLUMN, y };
}

function layOutInside(graph: Graph): Map<string, Point> {
  const neighbours = neighboursOf(graph);
  const places = new Map<string, Point>();
  let top = 0;
  for (const component of componentsOf(neighbours)) {
    const placed = mirrored(placeComponent(component, neighbours), graph);
    const ys = [...placed.values()].map(({ y }) => y);
    const shift = top - Math.min(...ys);
    for (const [id, { x, y }] of placed) places.set(id, { x, y: y + shift });
    top += Math.max(...ys) - Math.min(...ys) + ROW * 1.5;
  }
  return places;
}

/** What the network names first stands at the left, where reading begins. */
function mirrored(places: ReadonlyMap<string, Point>, { nodes }: Graph): Map<string, Point> {
  const xs = [...places.values()].map(({ x }) => x);
  const [least, most] = [Math.min(...xs), Math.max(...xs)];
  const first = nodes.find(({ id }) => places.has(id));
  const isLeft = first === undefined || (places.get(first.id)?.x ?? 0) <= (least + most) / 2;
  return new Map([...places].map(([id, { x, y }]) => [id, { x: isLeft ? x : least + most - x, y }]));
}

type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

function neighboursOf({ nodes, edges }: Graph): Neighbours {
  const neighbours = new Map(nodes.map(({ id }) => [id, new Set<string>()]));
  for (const { a, b } of edges) {
    if (a === b || !neighbours.has(a) || !neighbours.has(b)) continue;
    neighbours.get(a)?.add(b);
    neighbours.get(b)?.add(a);
  }
  return neighbours;
}

function componentsOf(neighbours: Neighbours): string[][] {
  const seen = new Set<string>();
  const components: string[][] = [];
  for (const id of neighbours.keys()) {
    if (seen.has(id)) continue;
    const component = [...distancesFrom(id, neighbours).keys()];
    for (const each of component) seen.add(each);
    components.push(component);
  }
  return components.sort((one, other) => other.length - one.length);
}

/** Steps to each node that can be reached, nearest first. */
function distancesFrom(start: string, neighbours: Neighbours): Map<string, number> {
  const distances = new Map([[start, 0]]);
  for (const [id, distance] of distances) {
    for (const next of neighbours.get(id) ?? []) if (!distances.has(next)) distances.set(next, distance + 1);
  }
  return distances;
}

const farthest = (start: string, neighbours: Neighbours): string =>
  [...distancesFrom(start, neighbours).keys()].at(-1) as string;

/** The longest of the shortest ways, in a tree; nearly that in other graphs. */
function longestWay(component: readonly string[], neighbours: Neighbours): string[] {
  const start = farthest(component[0] as string, neighbours);
  const distances = distancesFrom(start, neighbours);
  let at = [...distances.keys()].at(-1) as string;
  const way = [at];
  while (at !== start) {
    const before = (distances.get(at) as number) - 1;
    at = [...(neighbours.get(at) as ReadonlySet<string>)].find((id) => distances.get(id) === before) as string;
    way.unshift(at);
  }
  return way;
}

function columnsOf(component: readonly string[], neighbours: Neighbours): Map<string, number> {
  const way = longestWay(component, neighbours);
  const middle = (way.length - 1) / 2;
  const columns = new Map(way.map((id, at) => [id, at]));
  const sides = new Map(way.map((id, at) => [id, Math.sign(at - middle)]));
  let turn = 1;
  for (const id of columns.keys()) {
    for (const next of neighbours.get(id) ?? []) {
      if (columns.has(next)) continue;
      // What hangs on the very middle goes to either side in turn.
      const side = sides.get(id) || turn;
      if (sides.get(id) === 0) turn = -turn;
      columns.set(next, (columns.get(id) as number) + side);
      sides.set(next, side);
    }
  }
  return columns;
}

function placeComponent(component: readonly string[], neighbours: Neighbours): Map<string, Point> {
  const columns = columnsOf(component, neighbours);
  const numbers = [...new Set(columns.values())].sort((a, b) => a - b);
  const layers = numbers.map((number) => component.filter((id) => columns.get(id) === number));
  const ys = new Map<string, number>();
  for (const layer of layers) for (const [at, id] of layer.entries()) ys.set(id, (at - (layer.length - 1) / 2) * ROW);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const order = sweep % 2 === 0 ? layers : [...layers].reverse();
    for (const layer of order) settle(layer, ys, neighbours);
  }
  const places = new Map<string, Point>();
  let x = 0;
  for (const layer of layers) {
    const wide = layer.length <= COLUMN_LIMIT ? 1 : Math.round(Math.sqrt(layer.length / 1.6));
    if (wide > 1) squeeze(layer, ys, wide);
    for (const [at, id] of layer.entries()) places.set(id, { x: x + (at % wide) * CLOSE, y: ys.get(id) as number });
    x += COLUMN + (wide - 1) * CLOSE;
  }
  return places;
}

/** Moves a column's nodes to the mean of their neighbours, apart from each other. */
function settle(layer: string[], ys: Map<string, number>, neighbours: Neighbours): void {
  const wanted = new Map(layer.map((id) => [id, meanOf(id, ys, neighbours)]));
  layer.sort((a, b) => (wanted.get(a) as number) - (wanted.get(b) as number));
  let least = Number.NEGATIVE_INFINITY;
  for (const id of layer) {
    const y = Math.max(wanted.get(id) as number, least);
    ys.set(id, y);
    least = y + ROW;
  }
  // Pushing apart went downwards only: as far as all have moved on average, they move back.
  const moved = layer.reduce((sum, id) => sum + (ys.get(id) as number) - (wanted.get(id) as number), 0) / layer.length;
  for (const id of layer) ys.set(id, (ys.get(id) as number) - moved);
}

function meanOf(id: string, ys: ReadonlyMap<string, number>, neighbours: Neighbours): number {
  const around = [...(neighbours.get(id) ?? [])].map((next) => ys.get(next) as number);
  return around.length === 0 ? (ys.get(id) as number) : around.reduce((a, b) => a + b, 0) / around.length;
}

/** Columns beside each other need less height. */
function squeeze(layer: readonly string[], ys: Map<string, number>, columns: number): void {
  const pitch = (ROW * 1.1) / columns;
  const middle = layer.reduce((sum, id) => sum + (ys.get(id) as number), 0) / layer.length;
  for (const [at, id] of layer.entries()) ys.set(id, middle + (at - (layer.length - 1) / 2) * pitch);
}
