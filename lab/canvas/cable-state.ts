import { create } from "zustand";
import type { CableTraffic } from "../../src/engine/protocol/index.ts";

/** How a cable stands: carrying, carrying one way only, carrying nothing. */
export type CableState = "up" | "one-way" | "down";

/** Only the cables that do not carry both ways. */
export const useCableStates = create<{ readonly states: ReadonlyMap<number, CableState> }>(() => ({
  states: new Map(),
}));

const stateOf = ({ up }: CableTraffic): CableState => (up[0] && up[1] ? "up" : up[0] || up[1] ? "one-way" : "down");

/** Takes what the engine tells of cables. Those who watch are told only when one has changed. */
export function tellCables(cables: readonly CableTraffic[]): void {
  const { states } = useCableStates.getState();
  const changed = cables.filter((cable) => (states.get(cable.cable) ?? "up") !== stateOf(cable));
  if (changed.length === 0) return;
  const next = new Map(states);
  for (const cable of changed) {
    if (stateOf(cable) === "up") next.delete(cable.cable);
    else next.set(cable.cable, stateOf(cable));
  }
  useCableStates.setState({ states: next });
}
