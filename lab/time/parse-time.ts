import { parseDuration } from "../../src/time/instant.ts";

/**
 * Reads a virtual time as people write it: seconds (`12.5`), a clock (`1:30`, `1:02:03.5`), with a unit (`500ms`, `2h`), each
 * of them from now on with a `+`.
 * @returns nanoseconds; undefined for what is none
 */
export function parseTime(text: string, now: number): number | undefined {
  const [, plus, rest = ""] = /^\s*(\+?)\s*(.*?)\s*$/.exec(text) ?? [];
  const span = parseSpan(rest);
  if (span === undefined) return undefined;
  const at = Math.round(span) + (plus === "+" ? now : 0);
  return Number.isSafeInteger(at) ? at : undefined;
}

function parseSpan(text: string): number | undefined {
  const clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (clock !== null) {
    const [, hours = "0", minutes, seconds] = clock;
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1e9;
  }
  if (/^(?:\d+(?:\.\d+)?|\.\d+)$/.test(text)) return Number(text) * 1e9;
  return parseDuration(text);
}
