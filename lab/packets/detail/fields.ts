import type { FieldNode } from "../../../src/engine/protocol/index.ts";

/** Where a field stands in the tree: which child at each depth. */
export type FieldPath = readonly number[];

export interface FieldRow {
  readonly path: FieldPath;
  readonly node: FieldNode;
  /** By names rather than places, so that what was opened in one packet is open in the next. */
  readonly key: string;
  readonly open: boolean;
  /** Its place among its siblings, from 1, and how many these are. */
  readonly position: number;
  readonly siblings: number;
}

export const pathText = (path: FieldPath): string => path.join(".");

const keyOf = (parent: string, node: FieldNode, index: number): string =>
  `${parent}/${node.name === "" ? `#${index}` : node.name}`;

/** The lines of a tree of which some parts are open. */
export function fieldRows(tree: readonly FieldNode[], isOpen: (key: string) => boolean): FieldRow[] {
  const rows: FieldRow[] = [];
  const add = (nodes: readonly FieldNode[], path: FieldPath, parent: string): void => {
    nodes.forEach((node, index) => {
      const key = keyOf(parent, node, index);
      const children = node.children ?? [];
      const open = children.length > 0 && isOpen(key);
      rows.push({ path: [...path, index], node, key, open, position: index + 1, siblings: nodes.length });
      if (open) add(children, [...path, index], key);
    });
  };
  add(tree, [], "");
  return rows;
}

export function nodeAt(tree: readonly FieldNode[], path: FieldPath): FieldNode | undefined {
  let nodes: readonly FieldNode[] | undefined = tree;
  let node: FieldNode | undefined;
  for (const index of path) {
    node = nodes?.[index];
    nodes = node?.children;
  }
  return node;
}

/** The keys of all parts that have to be open for a field to be seen. */
export function keysTo(tree: readonly FieldNode[], path: FieldPath): string[] {
  const keys: string[] = [];
  let nodes: readonly FieldNode[] = tree;
  for (const index of path.slice(0, -1)) {
    const node = nodes[index];
    if (node === undefined) return keys;
    keys.push(keyOf(keys.at(-1) ?? "", node, index));
    nodes = node.children ?? [];
  }
  return keys;
}

/**
 * The innermost field that a byte belongs to: the deepest; of two at the same depth the shorter, of two as long the first, and of
 * bit fields the octet they are cut from rather than one of them.
 */
export function fieldAt(tree: readonly FieldNode[], source: number, offset: number): FieldPath | undefined {
  let found: FieldPath | undefined;
  let best = Number.POSITIVE_INFINITY;
  const look = (nodes: readonly FieldNode[], path: FieldPath): void => {
    nodes.forEach((node, index) => {
      const here = [...path, index];
      const holds = node.source === source && offset >= node.offset && offset < node.offset + node.length;
      const plain = node.mask === undefined || isAlone(nodes, node);
      const deeper = here.length > (found?.length ?? 0) || node.length < best;
      if (holds && plain && node.length <= best && deeper) [found, best] = [here, node.length];
      if (node.children !== undefined) look(node.children, here);
    });
  };
  look(tree, []);
  return found;
}

/** A bit field whose octets no sibling shares is a field like any other. */
const isAlone = (nodes: readonly FieldNode[], node: FieldNode): boolean =>
  !nodes.some((other) => other !== node && other.source === node.source && other.offset === node.offset);

/** The bytes of a field that are lit: undefined for what stands in no byte. */
export interface Lit {
  readonly source: number;
  readonly from: number;
  readonly end: number;
  readonly mask?: string;
}

export function litBy(node: FieldNode | undefined): Lit | undefined {
  if (node === undefined || node.length === 0) return undefined;
  const { source, offset, length, mask } = node;
  return { source, from: offset, end: offset + length, ...(mask === undefined ? {} : { mask }) };
}

/** `"010. .... .... ...."`: the bits of a field in its octets, as Wireshark draws them; dots for bits of others. */
export function bitsText(bytes: Uint8Array, lit: Lit): string | undefined {
  if (lit.mask === undefined || lit.end > bytes.length || lit.end - lit.from > 8) return undefined;
  const mask = BigInt(`0x${lit.mask.replace(/^0x/i, "") || "0"}`);
  let value = 0n;
  for (let at = lit.from; at < lit.end; at++) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  let text = "";
  for (let bit = (lit.end - lit.from) * 8 - 1; bit >= 0; bit--) {
    const one = 1n << BigInt(bit);
    text += (mask & one) === 0n ? "." : (value & one) === 0n ? "0" : "1";
    if (bit % 4 === 0 && bit > 0) text += " ";
  }
  return text;
}
