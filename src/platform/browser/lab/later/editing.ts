/** The editing of documents, once it has been loaded: requests about documents wait for that. */
import { assert } from "../../../../base/assert.ts";
import type { DocumentTools } from "../../../../engine/document/tools.ts";
import type * as Editing from "../../../document/edit/index.ts";
import type { ReadOptions } from "../../../document/reading.ts";

let editing: typeof Editing | undefined;

export async function loadEditing(): Promise<void> {
  editing = await import("../../../document/edit/index.ts");
}

/** What an engine is given before it has been loaded. */
export function toolsForLater(options: ReadOptions): DocumentTools {
  const tools = (): DocumentTools => {
    assert(editing !== undefined, "editing waits until it is loaded");
    return editing.documentTools(options);
  };
  return {
    read: (text, isForeign) => tools().read(text, isForeign),
    edit: (before, commands, isForeign) => tools().edit(before, commands, isForeign),
    copy: (network, devices) => tools().copy(network, devices),
    examples: [],
  };
}
