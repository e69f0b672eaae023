/** How one text becomes another: a piece of it is replaced. */
export interface TextSplice {
  /** Where, in UTF-16 code units. */
  readonly at: number;
  readonly removed: string;
  readonly inserted: string;
}

/** The shortest single splice from one text to another. */
export function spliceBetween(one: string, other: string): TextSplice {
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at < shorter && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  let tail = 0;
  while (tail < shorter - at && one.charCodeAt(one.length - 1 - tail) === other.charCodeAt(other.length - 1 - tail)) {
    tail++;
  }
  return { at, removed: one.slice(at, one.length - tail), inserted: other.slice(at, other.length - tail) };
}

/** @returns undefined when it is no splice of this text */
export function applySplice(text: string, { at, removed, inserted }: TextSplice): string | undefined {
  if (text.slice(at, at + removed.length) !== removed) return undefined;
  return text.slice(0, at) + inserted + text.slice(at + removed.length);
}

export const inverse = ({ at, removed, inserted }: TextSplice): TextSplice => ({
  at,
  removed: inserted,
  inserted: removed,
});
