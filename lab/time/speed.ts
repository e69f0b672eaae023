/** Virtual seconds in a second of the clock on the wall; `"max"` as fast as the machine can. */
export type Speed = number | "max";

/** Ten steps of the slider for each power of ten: 0.001× is the lowest, 1000× the last before `"max"`. */
const PER_DECADE = 10;
export const LOWEST = -3 * PER_DECADE;
export const HIGHEST = 3 * PER_DECADE + 1;

/** What a place of the slider means; rounded to two digits, so that it can be read. */
export const speedAt = (place: number): Speed =>
  place >= HIGHEST ? "max" : Number((10 ** (place / PER_DECADE)).toPrecision(2));

/** Where on the slider a speed stands; one that is slower than the slider's least stands at its end. */
export function placeOf(speed: Speed): number {
  if (speed === "max") return HIGHEST;
  return Math.min(HIGHEST - 1, Math.max(LOWEST, Math.round(Math.log10(speed) * PER_DECADE)));
}

/** `"0.05×"` */
export const speedText = (speed: number): string => `${Number(speed.toPrecision(2))}×`;

/** The next of 0.001, 0.002, 0.005, 0.01 … 1000, max. */
export function nextSpeed(speed: Speed, faster: boolean): Speed {
  const all: Speed[] = [-3, -2, -1, 0, 1, 2].flatMap((power) => [1, 2, 5].map((n) => Number(`${n}e${power}`)));
  all.push(1000, "max");
  const size = (each: Speed): number => (each === "max" ? Number.POSITIVE_INFINITY : each);
  const next = faster
    ? all.find((each) => size(each) > size(speed) * 1.001)
    : all.findLast((each) => size(each) < size(speed) * 0.999 || (speed === "max" && each !== "max"));
  return next ?? speed;
}
