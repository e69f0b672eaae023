import type { LineCrossing } from "./talk-lines.ts";
import { AFTERGLOW, Traffic } from "./traffic.ts";

/** What arrived less than so long before is seen as an afterglow: nanoseconds of virtual time. */
export const BEFORE = 50e6;

/** The network as it was at a time. */
export interface Past {
  readonly at: number;
  readonly moving: readonly LineCrossing[];
  readonly traffic: Traffic;
  /** The wall time for which its glows are drawn. */
  readonly wall: number;
}

/** Virtual time stands in for the wall's here: what arrived long before the moment glows less. */
export function pictureOf(at: number, crossings: readonly LineCrossing[]): Past {
  const traffic = new Traffic();
  const known = crossings.filter(({ left }) => left <= at).sort((a, b) => a.arrives - b.arrives);
  const wall = AFTERGLOW;
  traffic.tell(known, [], 0);
  for (const { arrives } of known) {
    if (arrives <= at) traffic.advance(arrives, Math.max(1, wall * (1 - (at - arrives) / BEFORE)));
  }
  return { at, moving: traffic.advance(at, wall), traffic, wall };
}
