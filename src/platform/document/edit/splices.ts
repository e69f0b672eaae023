import { isCollection, isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import type { Path } from "../yaml.ts";
import type { Change } from "./change.ts";
import { type Places, pairOf } from "./places.ts";
import { behindKey, inline, isFilled, item, keyText } from "./render.ts";

/** Another text in place of a piece of one. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change that cannot be made in place: then the whole text is written anew. */
class NotInPlace extends Error {}

const need = <T>(value: T | undefined): T => {
  if (value === undefined) throw new NotInPlace();
  return value;
};

/** The pieces of a text that changes replace; undefined where some cannot be made in place. */
export function splicesOf(places: Places, changes: readonly Change[]): Splice[] | undefined {
  try {
    return new Splicing(places).all(changes);
  } catch (error) {
    if (error instanceof NotInPlace) return undefined;
    throw error;
  }
}

/** The text with pieces replaced; undefined where they overlap. */
export function spliced(text: string, splices: readonly Splice[]): string | undefined {
  let result = "";
  let at = 0;
  for (const { start, end, text: piece } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) return undefined;
    result += text.slice(at, start) + piece;
    at = end;
  }
  return result + text.slice(at);
}

class Splicing {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  all(changes: readonly Change[]): Splice[] {
    const splices: Splice[] = [];
    const added = new Map<string, { path: Path; entries: [string | undefined, unknown][] }>();
    const removed = new Map<string, { path: Path; keys: (string | number)[] }>();
    for (const change of changes) {
      const parent = change.path.slice(0, -1);
      const key = change.path.at(-1) ?? "";
      const id = JSON.stringify(change.do === "append" ? change.path : parent);
      if (change.do === "rename") splices.push(this.#rename(change.path, change.key));
      else if (change.do === "delete") {
        const group = removed.get(id) ?? { path: parent, keys: [] };
        group.keys.push(key);
        removed.set(id, group);
      } else if (change.do === "set" && this.#isThere(change.path))
        splices.push(this.#replace(change.path, change.value));
      else {
        const path = change.do === "append" ? change.path : parent;
        const group = added.get(id) ?? { path, entries: [] };
        group.entries.push([change.do === "append" ? undefined : String(key), change.value]);
        added.set(id, group);
      }
    }
    for (const { path, entries } of added.values()) splices.push(this.#add(path, entries));
    for (const { path, keys } of removed.values()) splices.push(...this.#remove(path, keys));
    return splices;
  }

  #isThere(path: Path): boolean {
    const parent = this.#places.node(path.slice(0, -1));
    const key = path.at(-1) ?? "";
    return isMap(parent) ? pairOf(parent, key) !== undefined : isSeq(parent) && Number(key) < parent.items.length;
  }

  #rename(path: Path, key: string): Splice {
    const parent = this.#places.node(path.slice(0, -1));
    const old = isMap(parent) ? pairOf(parent, path.at(-1) ?? "")?.key : undefined;
    const [start, end] = need(isScalar(old) ? (old.range ?? undefined) : undefined);
    return { start, end, text: keyText(key) };
  }

  #replace(path: Path, value: unknown): Splice {
    const node = need(this.#places.node(path));
    const parent = this.#places.node(path.slice(0, -1));
    const [start, end] = need(node.range ?? undefined);
    const isLine = isCollection(node) ? node.flow === true : !this.#places.text.slice(start, end).includes("\n");
    const inFlow = isCollection(parent) && parent.flow === true;
    if (isLine && (inFlow || !isFilled(value) || inline(value).length < 80)) return { start, end, text: inline(value) };
    if (inFlow || !isMap(parent)) throw new NotInPlace();
    const pair = need(pairOf(parent, path.at(-1) ?? ""));
    return this.#behind(pair, value, false);
  }

  /** Something else behind the colon of a pair in lines. */
  #behind(pair: Pair, value: unknown, spread: boolean): Splice {
    const places = this.#places;
    const start = need(places.afterColon(pair));
    const end = need(places.pairEnd(pair));
    const key = need(places.keyStart(pair));
    const text = behindKey(value, key - places.lineStart(key), spread);
    return { start, end, text: places.text[end - 1] === "\n" ? `${text}\n` : text };
  }

  #add(path: Path, entries: readonly (readonly [string | undefined, unknown])[]): Splice {
    const node = this.#places.node(path);
    if (node === undefined) return this.#make(path, entries);
    if (!isMap(node) && !isSeq(node)) throw new NotInPlace();
    if (node.items.length === 0) return this.#fill(path, entries);
    if (node.flow === true) {
      const end = need(
        isMap(node) ? this.#places.pairEnd(node.items.at(-1) as Pair) : this.#places.end(node.items.at(-1)),
      );
      return { start: end, end, text: entries.map((entry) => `, ${entryInline(entry)}`).join("") };
    }
    const column = need(this.#places.column(node));
    const spread = path.length === 0;
    const lines = entries.map(([key, value]) => {
      const isSpread = spread && isFilled(value) && Object.values(value).every(isFilled);
      return `${" ".repeat(column)}${key === undefined ? item(value, column) : `${keyText(key)}:${behindKey(value, column, isSpread)}`}\n`;
    });
    const at = need(this.#places.lineEnd(need(this.#places.end(node))));
    const before = at > 0 && this.#places.text[at - 1] !== "\n" ? "\n" : "";
    const isSection = spread && lines.some((line) => line.includes(":\n")) && this.#places.text.includes("\n\n");
    return { start: at, end: at, text: `${before}${isSection ? "\n" : ""}${lines.join("")}` };
  }

  /** The mapping or list is not there yet. */
  #make(path: Path, entries: readonly (readonly [string | undefined, unknown])[]): Splice {
    if (path.length === 0 || this.#isThere(path)) throw new NotInPlace();
    return this.#add(path.slice(0, -1), [[String(path.at(-1)), gathered(entries)]]);
  }

  /** The mapping or list is empty. */
  #fill(path: Path, entries: readonly (readonly [string | undefined, unknown])[]): Splice {
    const value = gathered(entries);
    const parent = this.#places.node(path.slice(0, -1));
    const [start, end] = need(this.#places.node(path)?.range ?? undefined);
    if (isMap(parent) && parent.flow !== true) {
      return this.#behind(need(pairOf(parent, path.at(-1) ?? "")), value, Object.values(value).every(isFilled));
    }
    if (parent === undefined || path.length === 0) throw new NotInPlace();
    return { start, end, text: inline(value) };
  }

  #remove(path: Path, keys: readonly (string | number)[]): Splice[] {
    const node = this.#places.node(path);
    if (!isMap(node) && !isSeq(node)) throw new NotInPlace();
    const indices = keys
      .map((key) => (isSeq(node) ? Number(key) : node.items.indexOf(need(pairOf(node, key)))))
      .sort((a, b) => a - b);
    if (new Set(indices).size !== indices.length) throw new NotInPlace();
    if (indices.length === node.items.length) return [this.#clear(path, node)];
    if (node.flow === true) return this.#removeInline(node, indices);
    return indices.map((index) => this.#removeLines(node, index));
  }

  /** Everything goes: what stays is an empty one in a line. */
  #clear(path: Path, node: YAMLMap | YAMLSeq): Splice {
    const text = isMap(node) ? "{}" : "[]";
    const [start, end] = need(node.range ?? undefined);
    if (node.flow === true) return { start, end, text };
    const parent = this.#places.node(path.slice(0, -1));
    if (!isMap(parent) || path.length === 0) throw new NotInPlace();
    return this.#behind(need(pairOf(parent, path.at(-1) ?? "")), isMap(node) ? {} : [], false);
  }

  #removeLines(node: YAMLMap | YAMLSeq, index: number): Splice {
    const places = this.#places;
    const entry: unknown = node.items[index];
    const begin = need(isMap(node) ? places.keyStart(entry as Pair) : places.dash(node as YAMLSeq, index));
    const end = need(places.lineEnd(need(isMap(node) ? places.pairEnd(entry as Pair) : places.end(entry))));
    if (places.isFirst(begin)) return { start: places.lineStart(begin), end, text: "" };
    // The first key of a mapping that is an item of a list: the next one takes its place behind the dash.
    const next: unknown = node.items[index + 1];
    if (!isMap(node) || next === undefined) throw new NotInPlace();
    return { start: begin, end: need(places.keyStart(next as Pair)), text: "" };
  }

  #removeInline(node: YAMLMap | YAMLSeq, indices: readonly number[]): Splice[] {
    const places = this.#places;
    const startOf = (entry: unknown) =>
      need(isMap(node) ? places.keyStart(entry as Pair) : (entry as YAMLMap).range?.[0]);
    const endOf = (entry: unknown) => need(isMap(node) ? places.pairEnd(entry as Pair) : places.end(entry));
    const isGone = (index: number) => indices.includes(index);
    return indices.flatMap((index) => {
      if (isGone(index - 1)) return [];
      let last = index;
      while (isGone(last + 1)) last++;
      const [before, after]: unknown[] = [node.items[index - 1], node.items[last + 1]];
      if (before !== undefined) return [{ start: endOf(before), end: endOf(node.items[last]), text: "" }];
      return [{ start: startOf(node.items[index]), end: startOf(after), text: "" }];
    });
  }
}

const gathered = (entries: readonly (readonly [string | undefined, unknown])[]): object =>
  entries[0]?.[0] === undefined
    ? entries.map(([, value]) => value)
    : Object.fromEntries(entries as [string, unknown][]);

const entryInline = ([key, value]: readonly [string | undefined, unknown]): string =>
  key === undefined ? inline(value) : `${keyText(key)}: ${inline(value)}`;
