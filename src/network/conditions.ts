import type { CableConditions } from "../link/conditions.ts";
import { type Duration, parseDuration } from "../time/instant.ts";
import { parseProbability, parseRate } from "./units.ts";

/** A duration as people write it, such as `"1.5ms"`, or in nanoseconds. */
export type DurationWritten = string | Duration;

/** A cable's conditions as people write them: `{ delay: "1ms", rate: "100Mbit/s", loss: "1%" }`, or as numbers. */
export interface ConditionsWritten {
  readonly delay?: DurationWritten;
  readonly jitter?: DurationWritten;
  readonly reorderDelay?: DurationWritten;
  /** Or bits a second. */
  readonly rate?: string | number;
  /** Or from 0 to 1. */
  readonly loss?: string | number;
  readonly duplication?: string | number;
  readonly reordering?: string | number;
  readonly corruption?: string | number;
  readonly pastFcs?: boolean;
  readonly cut?: boolean;
}

/** @throws RangeError for a text that is not a duration */
export function durationOf(written: DurationWritten): Duration {
  const duration = typeof written === "string" ? parseDuration(written) : written;
  if (duration === undefined || !(duration >= 0)) throw new RangeError(`not a duration, such as "1.5ms": ${written}`);
  return duration;
}

/** @throws RangeError for a text that is not in its unit */
export function conditionsOf(written: ConditionsWritten): Partial<CableConditions> {
  const read: { -readonly [Key in keyof CableConditions]?: CableConditions[Key] } = {};
  for (const key of ["delay", "jitter", "reorderDelay"] as const) {
    const value = written[key];
    if (value !== undefined) read[key] = durationOf(value);
  }
  for (const key of ["loss", "duplication", "reordering", "corruption"] as const) {
    const value = written[key];
    if (value === undefined) continue;
    const probability = parseProbability(value);
    if (probability === undefined) throw new RangeError(`not a probability, such as "1%": ${value}`);
    read[key] = probability;
  }
  if (written.rate !== undefined) {
    const rate = typeof written.rate === "string" ? parseRate(written.rate) : written.rate;
    if (rate === undefined) throw new RangeError(`not a rate, such as "100Mbit/s": ${written.rate}`);
    read.rate = rate;
  }
  if (written.pastFcs !== undefined) read.pastFcs = written.pastFcs;
  if (written.cut !== undefined) read.cut = written.cut;
  return read;
}
