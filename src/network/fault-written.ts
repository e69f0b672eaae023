import type { Cable } from "../link/cable.ts";
import { type ConditionsWritten, conditionsOf, type DurationWritten, durationOf } from "./conditions.ts";
import type { FaultAction } from "./document.ts";
import type { Fault } from "./faults.ts";

/** A fault as people write it: it does something to a cable, or changes its conditions. */
export interface FaultWritten extends Omit<ConditionsWritten, "cut"> {
  /** The cable, or its two ends as devices or ports: `["pc1", "hub"]`. */
  readonly cable: Cable | readonly [string, string];
  /** In virtual time from the start. */
  readonly at: DurationWritten;
  /** After so long it is undone; never unless given. */
  readonly for?: DurationWritten;
  /** It begins again so long after each beginning. */
  readonly every?: DurationWritten;
  /** Only for what this end sends. */
  readonly from?: string;
  readonly do?: "cut" | "heal" | "unplug" | "plug";
}

/** @throws RangeError when it says no fault of one of the cables */
export function faultOf(written: FaultWritten, cables: readonly Cable[]): Fault {
  const { cable: which, at, for: duration, every, from, do: kind, ...changes } = written;
  const cable = "directions" in which ? which : cableOf(which, cables);
  const conditions = conditionsOf(changes);
  const changed = Object.keys(conditions).length > 0;
  if (changed === (kind !== undefined)) throw new RangeError("a fault either does something or changes conditions");
  const action: FaultAction = kind === undefined ? { kind: "change", conditions } : { kind };
  return {
    cable,
    action,
    at: durationOf(at),
    for: duration === undefined ? undefined : durationOf(duration),
    every: every === undefined ? undefined : durationOf(every),
    direction: from === undefined ? "both" : directionOf(cable, from),
  };
}

function cableOf([one, other]: readonly [string, string], cables: readonly Cable[]): Cable {
  const found = cables.filter((cable) => {
    const there = isEnd(cable, "a", one) && isEnd(cable, "b", other);
    return there || (isEnd(cable, "a", other) && isEnd(cable, "b", one));
  });
  const [cable, second] = found;
  if (cable === undefined) throw new RangeError(`no cable joins ${one} and ${other}`);
  if (second !== undefined) throw new RangeError(`${found.length} cables join ${one} and ${other}: name the ports`);
  return cable;
}

function directionOf(cable: Cable, from: string): "a-b" | "b-a" {
  if (isEnd(cable, "a", from)) return "a-b";
  if (isEnd(cable, "b", from)) return "b-a";
  throw new RangeError(`${from} is no end of the cable ${cable.name}`);
}

const isEnd = (cable: Cable, side: "a" | "b", name: string): boolean =>
  cable[side].device === name || cable[side].fullName === name;
