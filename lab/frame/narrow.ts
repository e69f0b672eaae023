import { useSyncExternalStore } from "react";

/** Below this the page shows one panel at a time. */
const QUERY = "(max-width: 760px)";

function listen(changed: () => void): () => void {
  const query = matchMedia(QUERY);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

/** Whether the screen is too narrow for panels beside each other. */
export const useNarrow = (): boolean => useSyncExternalStore(listen, () => matchMedia(QUERY).matches);
