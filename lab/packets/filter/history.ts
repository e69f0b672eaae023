/** Filters that are remembered. */
export const MAX_HISTORY = 20;
const MAX_LENGTH = 1000;
const KEY = "netarium.filters";

/** Where a list of filters is kept: the browser's own store, or nothing. */
export type Keep = Pick<Storage, "getItem" | "setItem">;

/** The newest first, each once. */
export function remembered(history: readonly string[], filter: string): readonly string[] {
  const text = filter.trim();
  if (text === "" || text.length > MAX_LENGTH) return history;
  return [text, ...history.filter((other) => other !== text)].slice(0, MAX_HISTORY);
}

/** What was kept; nothing when it is not a list of filters. */
export function loadHistory(keep: Keep): readonly string[] {
  try {
    const kept: unknown = JSON.parse(keep.getItem(KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter((one): one is string => typeof one === "string").slice(0, MAX_HISTORY);
  } catch {
    return [];
  }
}

/** Keeps them, unless the browser has no room or no leave. */
export function saveHistory(keep: Keep, history: readonly string[]): void {
  try {
    keep.setItem(KEY, JSON.stringify(history));
  } catch {
    // The filters of this visit are still there.
  }
}
