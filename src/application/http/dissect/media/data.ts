import type { TreeBuilder } from "../../../../capture/dissect/dissector.ts";
import type { FieldDefinition } from "../../../../capture/dissect/field.ts";

const MEDIA: FieldDefinition = { name: "media", label: "Media Type", type: "protocol" };
const MEDIA_TYPE: FieldDefinition = { name: "media.type", label: "Media type", type: "bytes" };
const DATA: FieldDefinition = { name: "data", label: "Data", type: "protocol" };
const DATA_BYTES: FieldDefinition = { name: "data.data", label: "Data", type: "bytes" };
const DATA_LENGTH: FieldDefinition = { name: "data.len", label: "Length", type: "int" };

export const MEDIA_FIELDS: readonly FieldDefinition[] = [MEDIA, MEDIA_TYPE];

const counted = (count: number): string => `${count} byte${count === 1 ? "" : "s"}`;

/** A body of a type that is not looked into. */
export function dissectMedia(bytes: Uint8Array, at: number, type: string, tree: TreeBuilder): void {
  tree.open(MEDIA, at, bytes.length);
  tree.add(MEDIA_TYPE, at, bytes.length, bytes, `Media type: ${type} (${counted(bytes.length)})`);
  tree.close();
}

/** Bytes without a type. */
export function dissectData(bytes: Uint8Array, at: number, tree: TreeBuilder): void {
  tree.open(DATA, at, bytes.length, undefined, `Data (${counted(bytes.length)})`);
  tree.add(DATA_BYTES, at, bytes.length, bytes);
  tree.generated(DATA_LENGTH, bytes.length, undefined, at, 0);
  tree.close();
}
