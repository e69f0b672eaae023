/** Milliseconds between tries to reach an engine. */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

/** Quick at first, since most breaks are short; an engine that stays away costs a try every few seconds. */
const DEFAULT: Backoff = { first: 200, most: 5_000 };

/** @param tries that failed, from 1 @param chance 0 to 1, takes away up to a half @returns milliseconds until the next */
export function wait(tries: number, chance: number, { first, most }: Backoff = DEFAULT): number {
  const whole = Math.min(most, first * 2 ** Math.min(tries - 1, 30));
  return Math.round(whole * (1 - chance / 2));
}
