/** What a page keeps of a document that was edited and not saved, should the page or the engine end. */
export interface Kept {
  readonly file: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The engine that has it. */
  readonly engine: string;
}

type Place = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const keyOf = (file: string): string => `netarium-kept:${file}`;

/** Keeps an edited document, by its file. A browser without room keeps what it kept before. */
export function keep(place: Place, kept: Kept): void {
  try {
    place.setItem(keyOf(kept.file), JSON.stringify(kept));
  } catch {
    // Storage is full, or not allowed.
  }
}

export const forget = (place: Place, file: string): void => place.removeItem(keyOf(file));

/** What was kept of a file and is not what its engine has: to be offered. */
export function lost(place: Place, file: string, engine: string, text: string): Kept | undefined {
  try {
    const kept = JSON.parse(place.getItem(keyOf(file)) ?? "null") as Kept | null;
    if (kept === null || typeof kept.text !== "string") return undefined;
    return kept.engine !== engine && kept.text !== text ? kept : undefined;
  } catch {
    return undefined;
  }
}
