/** The stretch of virtual time that the time line shows, in nanoseconds. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** The stretches that may be chosen; undefined is all. */
export const SPANS: readonly (number | undefined)[] = [undefined, 600e9, 60e9, 10e9, 1e9];

/** The line is never shorter than this, so that a run that has just begun does not tremble. */
const LEAST = 1e9;

/** @param end the latest time to show @param span how much before it; undefined for all since 0 */
export function windowTo(end: number, span: number | undefined): TimeWindow {
  const length = span ?? Math.max(end, LEAST);
  const from = Math.max(0, end - length);
  return { from, to: Math.max(end, from + Math.min(length, LEAST)) };
}

/** Where a time stands in a window, 0 to 1. */
export const placeIn = ({ from, to }: TimeWindow, at: number): number =>
  Math.min(1, Math.max(0, (at - from) / (to - from)));

/** The time at a place of a window. */
export const timeAt = ({ from, to }: TimeWindow, place: number): number =>
  Math.round(from + (to - from) * Math.min(1, Math.max(0, place)));

/** What a key on the time line asks to look at. @returns undefined for now, null for a key that means nothing here */
export function timeOfKey(
  key: string,
  at: number,
  { from, to }: TimeWindow,
  limits: { readonly earliest: number; readonly now: number },
): number | undefined | null {
  const parts: Readonly<Record<string, number>> = {
    ArrowLeft: -1 / 100,
    ArrowDown: -1 / 100,
    ArrowRight: 1 / 100,
    ArrowUp: 1 / 100,
    PageDown: -1 / 10,
    PageUp: 1 / 10,
  };
  if (key === "End") return undefined;
  if (key === "Home") return limits.earliest;
  const part = parts[key];
  if (part === undefined) return null;
  const wanted = Math.round(at + part * (to - from));
  return wanted >= limits.now ? undefined : Math.max(limits.earliest, wanted);
}

/** Bars of a histogram as the path of an area, in a box of 1 by 1 whose bottom is at 1; tall counts are tamed by a root. */
export function barsPath(counts: readonly number[], most: number): string {
  const width = 1 / counts.length;
  const place = (n: number): string => n.toFixed(4);
  return counts
    .map((count, index) => {
      if (count === 0 || most === 0) return "";
      const height = Math.max(0.06, Math.sqrt(count / most));
      return `M${place(index * width)} 1V${place(1 - height)}h${place(width)}V1z`;
    })
    .join("");
}
