import type { CableConditions } from "../../link/conditions.ts";
import { parseProbability, parseRate } from "../../network/units.ts";
import { type Duration, parseDuration } from "../../time/instant.ts";
import type { TcpSettings } from "../../transport/tcp/settings.ts";
import type { ConditionsFile, TcpFile } from "./schema.ts";

/** A duration that the schema has let pass. */
export const durationOf = (text: string): Duration => parseDuration(text) ?? (0 as Duration);

/** Conditions in the core's units, of those that are given. */
export function readConditions(file: ConditionsFile): Partial<CableConditions> {
  const read: { -readonly [Key in keyof CableConditions]?: CableConditions[Key] } = {};
  for (const key of ["delay", "jitter", "reorderDelay"] as const) {
    const text = file[key];
    if (text !== undefined) read[key] = durationOf(text);
  }
  for (const key of ["loss", "duplication", "reordering", "corruption"] as const) {
    const value = file[key];
    if (value !== undefined) read[key] = parseProbability(value) ?? 0;
  }
  if (file.rate !== undefined) read.rate = parseRate(file.rate) ?? Number.POSITIVE_INFINITY;
  if (file.pastFcs !== undefined) read.pastFcs = file.pastFcs;
  return read;
}

/** TCP settings in the core's units, of those that are given. */
export function readTcp(file: TcpFile | undefined): Partial<TcpSettings> {
  const given = Object.entries(file ?? {}).filter(([, value]) => value !== undefined);
  const settings = given.map(([key, value]) => {
    const isDuration = typeof value === "string" && key !== "congestionControl";
    return [key, isDuration ? durationOf(value) : value] as const;
  });
  return Object.fromEntries(settings);
}
