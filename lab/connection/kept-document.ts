import type { ConnectionState } from "./store.ts";

/** Where a tab keeps the document of its own engine: it survives a reload, and no other tab has it. */
const KEY = "netarium-document";

type Place = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface KeptDocument {
  readonly text: string;
  readonly file: string;
}

/** What was kept, if anything was. */
export function keptDocument(storage: Place): KeptDocument | undefined {
  try {
    const { text, file } = JSON.parse(storage.getItem(KEY) ?? "{}") as Partial<KeptDocument>;
    return typeof text === "string" && typeof file === "string" ? { text, file } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps the document of an engine that ends with its page, from the first change on. What no engine can begin with is forgotten.
 * @returns what is told each state of the connection, and the one before
 */
export function documentKeeper(storage: Place): (state: ConnectionState, before: ConnectionState) => void {
  return ({ link, welcome, network }, before) => {
    if (link.kind === "ended" && link.problem.code === "bad-network-file") storage.removeItem(KEY);
    const isOne = welcome?.platform === "worker" && welcome.engine === before.welcome?.engine;
    if (!isOne || network === undefined || network.document === before.network?.document) return;
    try {
      storage.setItem(KEY, JSON.stringify({ text: network.document, file: network.file }));
    } catch {
      // There is no room for it: the network runs all the same.
    }
  };
}
