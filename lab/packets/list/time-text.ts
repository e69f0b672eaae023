/** How the list writes a packet's time. */
export type TimeFormat = "relative" | "delta" | "absolute" | "reference";

export const TIME_FORMATS: readonly TimeFormat[] = ["relative", "delta", "absolute", "reference"];

const SECOND = 1_000_000_000;

/** `12.000345678`: whole seconds and nanoseconds, as Wireshark prints them. */
export function secondsText(nanoseconds: number, digits = 9): string {
  const sign = nanoseconds < 0 ? "-" : "";
  const all = Math.abs(nanoseconds);
  const seconds = Math.floor(all / SECOND);
  return `${sign}${seconds}.${String(all % SECOND)
    .padStart(9, "0")
    .slice(0, digits)}`;
}

/** `2026-01-01 00:00:09.000123` in UTC. @param epoch milliseconds since 1970 at virtual 0 */
export function absoluteText(at: number, epoch: number): string {
  const date = new Date(epoch + Math.floor(at / 1_000_000));
  const micro = String(Math.floor(at / 1000) % 1000).padStart(3, "0");
  return `${date.toISOString().replace("T", " ").slice(0, 23)}${micro}`;
}

/** A span for people, in the unit that fits: `1.23 ms`. */
export function spanText(nanoseconds: number): string {
  const all = Math.abs(nanoseconds);
  const sign = nanoseconds < 0 ? "−" : "";
  if (all < 1000) return `${sign}${all} ns`;
  const [value, unit] = all < 1e6 ? [all / 1e3, "µs"] : all < 1e9 ? [all / 1e6, "ms"] : [all / 1e9, "s"];
  return `${sign}${Number(value.toPrecision(value >= 1000 ? 4 : 3))} ${unit}`;
}

/** What a time is counted from. */
export interface TimeBase {
  readonly format: TimeFormat;
  /** Milliseconds since 1970 at virtual 0. */
  readonly epoch: number;
  /** Of the packet that was chosen as the reference. */
  readonly reference?: number;
  /** Of the row above. */
  readonly previous?: number;
  /** Digits after the point, of at most nine; all unless told. */
  readonly digits?: number;
}

export function timeText(at: number, base: TimeBase): string {
  if (base.format === "absolute") return absoluteText(at, base.epoch);
  const { format, previous, reference, digits } = base;
  if (format === "delta") return secondsText(previous === undefined ? 0 : at - previous, digits);
  return secondsText(format === "reference" ? at - (reference ?? 0) : at, digits);
}
