/** Packets that are remembered. */
export const MAX_VISITED = 100;

/** The packets that were looked at, and which of them is now. */
export interface Visited {
  readonly events: readonly number[];
  readonly at: number;
}

export const NOTHING_VISITED: Visited = { events: [], at: -1 };

/** Another packet is looked at: what came after the present one is forgotten, as in a browser. */
export function visit(visited: Visited, event: number): Visited {
  if (visited.events[visited.at] === event) return visited;
  const events = [...visited.events.slice(0, visited.at + 1), event].slice(-MAX_VISITED);
  return { events, at: events.length - 1 };
}

/** One back (−1) or forward (1). @returns undefined when there is none */
export function turn(visited: Visited, by: -1 | 1): Visited | undefined {
  const at = visited.at + by;
  return visited.events[at] === undefined ? undefined : { ...visited, at };
}
