import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
} from "yaml";
import { type Problem, quote } from "./problem.ts";

/** Bytes of a network file. */
export const SIZE_LIMIT = 2 ** 20;
/** Lists and mappings inside each other. */
export const DEPTH_LIMIT = 32;
export const ALIAS_LIMIT = 100;
/** Values of a file, those that aliases repeat counted each time. */
export const VALUE_LIMIT = 500_000;

export type Path = readonly (string | number)[];

/** A YAML text as plain data, and where each part of it stands. */
export interface YamlText {
  /** Objects, arrays, strings, numbers, booleans and null; undefined when there are errors. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where the value at a path stands, or its key; of a path that is not there, where its parent stands. */
  locate(path: Path, part?: "key" | "value"): { readonly line: number; readonly column: number };
}

/** Reads one YAML 1.2 document of bounded size, depth and aliases, in which each key stands once and no tag is unknown. */
export function readYaml(text: string): YamlText {
  return new Reading().read(text);
}

class Reading {
  readonly #lines = new LineCounter();
  readonly #problems: Problem[] = [];
  #document: Document | undefined;
  #values = 0;

  read(text: string): YamlText {
    const value = this.#read(text);
    const locate: YamlText["locate"] = (path, part = "value") => this.#position(this.#offsetOf(path, part));
    return { value: this.#problems.length > 0 ? undefined : value, problems: this.#problems, locate };
  }

  #read(text: string): unknown {
    if (new TextEncoder().encode(text).length > SIZE_LIMIT) {
      return this.#problem(0, `the file is larger than ${SIZE_LIMIT / 2 ** 20} MiB`);
    }
    const tokens = [...new Parser(this.#lines.addNewLine).parse(text)];
    // Before the composer, which calls itself for every level.
    if (!tokens.every((token) => this.#isBounded(token))) return undefined;
    const documents = [...new Composer({ schema: "core", stringKeys: true, uniqueKeys: false }).compose(tokens)];
    const [document, second] = documents;
    for (const { errors, warnings } of documents) {
      for (const error of [...errors, ...warnings]) this.#problem(error.pos[0], error.message);
    }
    if (second !== undefined)
      this.#problem(second.range[0], "a network file is one YAML document, without a second one");
    if (document === undefined || this.#problems.length > 0) return undefined;
    this.#document = document;
    return this.#plain(document.contents, 0);
  }

  /** Goes through the tokens without recursion. */
  #isBounded(top: CST.Token): boolean {
    const open: { token: CST.Token | null | undefined; depth: number }[] = [{ token: top, depth: 0 }];
    let aliases = 0;
    for (let item = open.pop(); item !== undefined; item = open.pop()) {
      const { token, depth } = item;
      if (token === null || token === undefined) continue;
      if (token.type === "alias" && ++aliases > ALIAS_LIMIT) {
        this.#problem(token.offset, `more than ${ALIAS_LIMIT} aliases`);
        return false;
      }
      if (token.type === "document") open.push({ token: token.value, depth });
      if (!("items" in token)) continue;
      if (depth >= DEPTH_LIMIT) {
        this.#problem(token.offset, `lists and mappings are nested deeper than ${DEPTH_LIMIT}`);
        return false;
      }
      for (const { key, value } of token.items) {
        open.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 });
      }
    }
    return true;
  }

  #plain(node: unknown, depth: number): unknown {
    const resolved = this.#resolve(node);
    if (++this.#values === VALUE_LIMIT + 1) this.#problem(startOf(node), "aliases make the file too large");
    if (depth > DEPTH_LIMIT) this.#problem(startOf(node), `aliases nest lists and mappings deeper than ${DEPTH_LIMIT}`);
    if (this.#values > VALUE_LIMIT || depth > DEPTH_LIMIT) return undefined;
    if (isSeq(resolved)) return resolved.items.map((item) => this.#plain(item, depth + 1));
    if (isScalar(resolved)) return resolved.value;
    if (!isMap(resolved)) return null;
    const plain: Record<string, unknown> = {};
    for (const { key, value } of resolved.items) {
      const name = isScalar(key) ? String(key.value) : "";
      if (name === "__proto__") this.#problem(startOf(key), `${quote(name)} cannot be a name`);
      else if (Object.hasOwn(plain, name))
        this.#problem(startOf(key), `${quote(name)} stands twice in the same mapping`);
      else plain[name] = this.#plain(value, depth + 1);
    }
    return plain;
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) && this.#document !== undefined ? node.resolve(this.#document) : node;
  }

  #offsetOf(path: Path, part: "key" | "value"): number {
    let node: unknown = this.#document?.contents;
    let offset = startOf(node);
    path.forEach((step, index) => {
      const parent = this.#resolve(node);
      node = undefined;
      if (isSeq(parent)) node = parent.items[Number(step)];
      if (isMap(parent)) {
        const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
        node = pair?.value;
        const wantsKey = part === "key" && index === path.length - 1;
        if (pair !== undefined && (wantsKey || !isNode(node) || node.range === undefined)) offset = startOf(pair.key);
        if (wantsKey) return;
      }
      if (isNode(node)) offset = startOf(node);
    });
    return offset;
  }

  #position(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #problem(offset: number, message: string): undefined {
    this.#problems.push({ severity: "error", ...this.#position(offset), message, hint: undefined });
    return undefined;
  }
}

const isNode = (node: unknown): node is Node => isAlias(node) || isMap(node) || isSeq(node) || isScalar(node);

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
