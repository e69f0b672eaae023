import { formatClock } from "../i18n/format.ts";

/** A virtual time to the microsecond: as a clock to the millisecond, and the three digits after. */
export const splitClock = (at: number): readonly [coarse: string, fine: string] => [
  formatClock(at),
  String(Math.floor(at / 1000) % 1000).padStart(3, "0"),
];

/** The same in one piece, for sentences. */
export const clockText = (at: number): string => splitClock(at).join("");
