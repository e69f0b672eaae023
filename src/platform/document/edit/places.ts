import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Path } from "../yaml.ts";

/** Where the parts of a YAML text stand. Undefined wherever it is not plain enough to be changed in place. */
export class Places {
  readonly text: string;
  readonly #document: Document;

  constructor(text: string, document: Document) {
    this.text = text;
    this.#document = document;
  }

  /** The node at a path; none where an alias is on the way, or at its end. */
  node(path: Path): Node | undefined {
    let node: unknown = this.#document.contents;
    for (const step of path) {
      if (isMap(node)) node = pairOf(node, step)?.value;
      else if (isSeq(node)) node = node.items[Number(step)];
      else return undefined;
    }
    return isNode(node) && !isAlias(node) ? node : undefined;
  }

  /** Where what a node says ends: behind its last letter, or, of a text in lines, behind its last newline. */
  end(node: unknown): number | undefined {
    if ((isMap(node) || isSeq(node)) && !node.flow) {
      const last: unknown = node.items.at(-1);
      return isMap(node) ? this.pairEnd(last as Pair) : this.end(last);
    }
    return isNode(node) ? node.range?.[1] : undefined;
  }

  pairEnd({ key, value }: Pair): number | undefined {
    return value === null ? undefined : (this.end(value) ?? this.end(key));
  }

  /** Where a pair begins. */
  keyStart({ key }: Pair): number | undefined {
    return isNode(key) ? key.range?.[0] : undefined;
  }

  /** Behind the colon of a pair. */
  afterColon({ key }: Pair): number | undefined {
    const end = isScalar(key) ? key.range?.[1] : undefined;
    const gap = end === undefined ? null : /^\s*:/.exec(this.text.slice(end, end + 100));
    return end === undefined || gap === null ? undefined : end + gap[0].length;
  }

  /** The dash of an item of a list in lines. */
  dash(list: YAMLSeq, index: number): number | undefined {
    const token = list.srcToken;
    if (token?.type !== "block-seq") return undefined;
    return token.items[index]?.start.find(({ type }) => type === "seq-item-ind")?.offset;
  }

  /** Where a mapping or list in lines begins on its line. */
  column(node: YAMLMap | YAMLSeq): number | undefined {
    const [first] = node.items;
    const at = isMap(node) ? first && this.keyStart(first as Pair) : this.dash(node as YAMLSeq, 0);
    return typeof at === "number" ? at - this.lineStart(at) : undefined;
  }

  lineStart(at: number): number {
    return this.text.lastIndexOf("\n", at - 1) + 1;
  }

  /** Whether nothing but blanks stands before a place on its line. */
  isFirst(at: number): boolean {
    return this.text.slice(this.lineStart(at), at).trim() === "";
  }

  /** Behind the newline of the line on which something ends, if nothing but a comment follows there. */
  lineEnd(end: number): number | undefined {
    if (end > 0 && this.text[end - 1] === "\n") return end;
    const newline = this.text.indexOf("\n", end);
    const rest = this.text.slice(end, newline < 0 ? undefined : newline);
    if (!/^\s*(\s#.*)?$/.test(rest)) return undefined;
    return newline < 0 ? this.text.length : newline + 1;
  }
}

export function pairOf(map: YAMLMap, key: string | number): Pair | undefined {
  return map.items.find(({ key: each }) => isScalar(each) && String(each.value) === String(key));
}
