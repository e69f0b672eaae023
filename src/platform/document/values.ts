import type { CableConditions } from "../../link/conditions.ts";
import { conditionsOf } from "../../network/conditions.ts";
import { type Duration, parseDuration } from "../../time/instant.ts";
import type { TcpSettings } from "../../transport/tcp/settings.ts";
import type { ConditionsFile, TcpFile } from "./schema.ts";

/** A duration that the schema has let pass. */
export const durationOf = (text: string): Duration => parseDuration(text) ?? (0 as Duration);

/** Whether a path leads out of the folder that it is relative to. */
export function leadsOut(path: string): boolean {
  const steps = path.split(/[\\/]/);
  return steps.includes("..") || steps[0] === "" || /^[A-Za-z]:|\0/.test(path);
}

/** The conditions of a cable among what a file says of it, in the core's units. */
export function readConditions(
  file: Omit<ConditionsFile, "cut"> & { cut?: boolean | undefined },
): Partial<CableConditions> {
  const { delay, rate, loss, jitter, duplication, reordering, reorderDelay, corruption, pastFcs, cut } = file;
  const written = { delay, rate, loss, jitter, duplication, reordering, reorderDelay, corruption, pastFcs, cut };
  return conditionsOf(Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)));
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
