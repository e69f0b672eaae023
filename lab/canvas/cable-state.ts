import { create } from "zustand";
import type { CableTraffic } from "../../src/engine/protocol/index.ts";
import type { CableSnapshot } from "../../src/link/cable.ts";

/** How a cable stands, if it does not simply carry: one way only, cut, unplugged, or as much as it can. */
export type CableState = "one-way" | "cut" | "unplugged" | "full";

/** Octets on the wire beside those of a frame: preamble, FCS, gap. */
const AROUND = 24;
/** The share of its rate at which a cable is called full. */
const FULL = 0.95;
/** Of fewer frames nobody can tell how much a cable carries. */
const FEW = 4;

/** Only the cables of which there is something to say. */
export const useCableStates = create<{ readonly states: ReadonlyMap<number, CableState> }>(() => ({
  states: new Map(),
}));

/**
 * @param cable as it was when it was last looked at, if it was
 * @param elapsed nanoseconds of virtual time in which it carried what is told
 */
export function cableStateOf(
  told: CableTraffic,
  cable: CableSnapshot | undefined,
  elapsed: number,
): CableState | undefined {
  const [there, back] = told.up;
  if (!there && !back) return cable?.plugged === false ? "unplugged" : "cut";
  if (!there || !back) return "one-way";
  const isFull = ([0, 1] as const).some((way) => {
    const limit = cable?.directions[way]?.conditions.rate as number | null | undefined;
    const [frames, bytes] = [told.frames[way], told.bytes[way]];
    if (limit === null || limit === undefined || !Number.isFinite(limit) || frames < FEW) return false;
    return (bytes + AROUND * frames) * 8e9 >= FULL * limit * elapsed;
  });
  return isFull ? "full" : undefined;
}

/**
 * Takes what the engine tells of cables. Those who watch are told only when one has changed.
 * @param elapsed nanoseconds of virtual time since they were told of before
 * @returns whether one has been cut or plugged
 */
export function tellCables(
  cables: readonly CableTraffic[],
  looked: readonly CableSnapshot[] | undefined,
  elapsed: number,
): boolean {
  const { states } = useCableStates.getState();
  const next = new Map(states);
  let plugged = false;
  for (const told of cables) {
    const state = cableStateOf(told, looked?.[told.cable], elapsed);
    const before = states.get(told.cable);
    if (state === before) continue;
    plugged ||= (state !== "full" && state !== undefined) || (before !== "full" && before !== undefined);
    if (state === undefined) next.delete(told.cable);
    else next.set(told.cable, state);
  }
  if (next.size !== states.size || [...next].some(([cable, state]) => states.get(cable) !== state)) {
    useCableStates.setState({ states: next });
  }
  return plugged;
}
