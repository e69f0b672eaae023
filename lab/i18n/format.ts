import { useLanguage } from "./language.ts";

const UNITS: readonly (readonly [nanoseconds: number, unit: string])[] = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
];

/** A duration in the unit that gives it the fewest letters: `"12.5 ms"`. @param nanoseconds of virtual time */
export function formatDuration(nanoseconds: number, digits = 3): string {
  const size = Math.abs(nanoseconds);
  const [scale, unit] = UNITS.find(([least]) => size >= least) ?? [1, "ns"];
  return `${Number((nanoseconds / scale).toPrecision(digits))} ${unit}`;
}

/** A virtual time since the run began, as seconds with six decimals: `"12.003417"`, the way captures are read. */
export function formatSeconds(nanoseconds: number, decimals = 6): string {
  return (nanoseconds / 1e9).toFixed(decimals);
}

/** A virtual time as a clock shows it: `"1:02:03.417"`. */
export function formatClock(nanoseconds: number): string {
  const milliseconds = Math.floor(nanoseconds / 1e6);
  const part = (divisor: number, modulus: number): number => Math.floor(milliseconds / divisor) % modulus;
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(milliseconds / 3_600_000);
  const rest = `${two(part(60_000, 60))}:${two(part(1000, 60))}.${String(milliseconds % 1000).padStart(3, "0")}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** `"1.2 MB"`, in powers of 1000 as cables count. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, ["B", "kB", "MB", "GB"]);
}

/** @param rate bits per second: `"93.4 Mbit/s"` */
export function formatRate(rate: number): string {
  return scaled(rate, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"]);
}

function scaled(value: number, units: readonly string[]): string {
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return `${Number(value.toPrecision(3))} ${units[at]}`;
}

/** A whole number with the language's separators. */
export const formatCount = (count: number): string => count.toLocaleString(useLanguage.getState().locale);
