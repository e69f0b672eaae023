import type { Crossing } from "../../src/engine/protocol/index.ts";
import { request } from "../connection/index.ts";
import { DRAWN_LIMIT } from "./draw.ts";
import { AFTERGLOW, Traffic } from "./traffic.ts";

/** What arrived less than so long before is seen as an afterglow: nanoseconds of virtual time. */
const BEFORE = 20e6;

/** The network as it was at a time. */
export interface Past {
  readonly at: number;
  readonly moving: readonly Crossing[];
  readonly traffic: Traffic;
  /** The wall time for which its glows are drawn. */
  readonly wall: number;
}

/** Asks for what was on its way, and puts together the picture of that moment. */
export async function lookBack(at: number): Promise<Past> {
  const from = Math.max(0, at - BEFORE);
  const { crossings } = await request("traffic.range", { from, to: at, limit: DRAWN_LIMIT });
  return pictureOf(at, crossings);
}

/** Virtual time stands in for the wall's here: what arrived long before the moment glows less. */
export function pictureOf(at: number, crossings: readonly Crossing[]): Past {
  const traffic = new Traffic();
  const known = crossings.filter(({ left }) => left <= at).sort((a, b) => a.arrives - b.arrives);
  const wall = AFTERGLOW;
  traffic.tell(known, [], 0);
  for (const { arrives } of known) {
    if (arrives <= at) traffic.advance(arrives, Math.max(1, wall * (1 - (at - arrives) / BEFORE)));
  }
  return { at, moving: traffic.advance(at, wall), traffic, wall };
}
