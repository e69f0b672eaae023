import type { Brand } from "../base/brand.ts";

/** Whole nanoseconds since the clock started (2^53 ns = 104 days). */
export type Instant = Brand<number, "Instant">;

/** Whole nanoseconds from one {@link Instant} to another. */
export type Duration = Brand<number, "Duration">;

export const START = 0 as Instant;
/** Later than any instant that comes. */
export const NEVER = Number.POSITIVE_INFINITY as Instant;

export const nanoseconds = (count: number): Duration => Math.round(count) as Duration;
export const microseconds = (count: number): Duration => Math.round(count * 1e3) as Duration;
export const milliseconds = (count: number): Duration => Math.round(count * 1e6) as Duration;
export const seconds = (count: number): Duration => Math.round(count * 1e9) as Duration;
export const minutes = (count: number): Duration => Math.round(count * 60e9) as Duration;

/** The instant a duration after another. */
export const after = (instant: Instant, duration: number): Instant => (instant + duration) as Instant;

/** The duration from one instant to a later one. */
export const between = (from: Instant, to: Instant): Duration => (to - from) as Duration;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
};

/**
 * Reads a duration as people write it: `"150us"`, `"1.5 ms"`, `"10s"`, `"1m"`, `"1h"`, or several in a row as in
 * `"1h30m"`.
 * @returns the duration, or undefined when the text is not one
 */
export function parseDuration(text: string): Duration | undefined {
  if (!/^\s*(\d+(\.\d+)?\s*(ns|us|µs|ms|s|min|m|h)\s*)+$/.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|min|m|h)/g)) {
    total += Number(count) * (UNITS[unit ?? ""] ?? Number.NaN);
  }
  const whole = Math.round(total);
  return Number.isSafeInteger(whole) ? (whole as Duration) : undefined;
}

/** Prints a duration in its largest unit that leaves at most six digits after the point: `"1.5ms"`, `"2s"`. */
export function formatDuration(duration: number): string {
  const size = Math.abs(duration);
  const [unit, scale] = size >= 1e9 ? ["s", 1e9] : size >= 1e6 ? ["ms", 1e6] : size >= 1e3 ? ["µs", 1e3] : ["ns", 1];
  return `${Number((duration / (scale as number)).toFixed(6))}${unit}`;
}
