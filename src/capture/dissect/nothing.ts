import type { TreeBuilder } from "./dissector.ts";

const ignore = (): void => {};

/** Makes no tree: for the first pass. */
export const nothing: TreeBuilder = {
  ...{ add: ignore, generated: ignore, hidden: ignore, open: ignore, openGenerated: ignore, close: ignore },
  shown: { source: "", destination: "", protocol: "", info: "" },
  ...{ expert: ignore, malformed: ignore, columns: ignore, naming: ignore },
  ...{ beginSource: () => 0, enterSource: ignore, endSource: ignore, guarded: (_, dissect) => dissect() },
};
