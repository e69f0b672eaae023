/** Where a tab notes that it has had an engine of its own. */
const KEY = "netarium-engine-began";

/**
 * Whether this tab had an engine of its own before, which ended with the page that it was in. It is noted that it has one from now on.
 */
export function beganAnew(storage: Pick<Storage, "getItem" | "setItem">): boolean {
  const before = storage.getItem(KEY) !== null;
  storage.setItem(KEY, "yes");
  return before;
}
