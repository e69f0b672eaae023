import { text as line, type TreeBuilder } from "../../../../capture/dissect/dissector.ts";
import type { FieldDefinition } from "../../../../capture/dissect/field.ts";
import { escaped } from "../../../../capture/dissect/field-text.ts";
import { FIELDS_LIMIT } from "../../../../capture/dissect/tree.ts";

const TEXT: FieldDefinition = { name: "data-text-lines", label: "Line-based text data", type: "protocol" };
const LINE = line("");

export const TEXT_LINES_FIELDS: readonly FieldDefinition[] = [TEXT];

const LF = 10;
const CR = 13;

/** A text, line for line, each with its end. */
export function dissectTextLines(bytes: Uint8Array, at: number, type: string, tree: TreeBuilder): void {
  const decoder = new TextDecoder();
  tree.open(TEXT, at, bytes.length);
  let count = 0;
  for (let from = 0; from < bytes.length; count++) {
    const next = lineEnd(bytes, from);
    // The tree has no room for more: they are only counted.
    if (count < FIELDS_LIMIT)
      tree.add(LINE, at + from, next - from, undefined, escaped(decoder.decode(bytes.subarray(from, next))));
    from = next;
  }
  tree.close(`Line-based text data${type === "" ? "" : `: ${type}`} (${count} lines)`);
}

/** Behind a line's end: LF, CR or both. */
export function lineEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === LF) return at + 1;
    if (bytes[at] === CR) return at + (bytes[at + 1] === LF ? 2 : 1);
  }
  return bytes.length;
}
