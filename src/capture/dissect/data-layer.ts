import { define } from "./define.ts";
import { BYTES_SHOWN, hexOf } from "./field-text.ts";
import type { Tree } from "./tree.ts";

const fields = {
  data: define.protocol("data", "Data"),
  bytes: define.bytes("data.data", "Data"),
  length: define.field("data.len", "Length", "int"),
};

export const DATA_FIELDS = Object.values(fields);

/** Bytes that no dissector knows. */
export function dataLayer(tree: Tree, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  tree.open(fields.data, 0, bytes.length, undefined, `Data (${bytes.length} byte${bytes.length === 1 ? "" : "s"})`);
  const shown = hexOf(bytes.subarray(0, BYTES_SHOWN));
  tree.add(fields.bytes, 0, bytes.length, bytes, `Data: ${shown}${bytes.length > BYTES_SHOWN ? "…" : ""}`);
  tree.generated(fields.length, bytes.length);
  tree.close();
}
