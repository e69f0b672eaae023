import type { Path } from "../yaml.ts";

/** A change of a document. All changes of one edit name places of the document as it was before any of them. */
export type Change =
  /** Another value in place of one, or a key more at the end of a mapping; mappings on the way to it are made. */
  | { readonly do: "set"; readonly path: Path; readonly value: unknown }
  /** An item more at the end of a list, which is made where it is not there. */
  | { readonly do: "append"; readonly path: Path; readonly value: unknown }
  | { readonly do: "delete"; readonly path: Path }
  /** Another key at the same place of its mapping. */
  | { readonly do: "rename"; readonly path: Path; readonly key: string };

type Mapping = Record<string | number, unknown>;

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Mapping)[step];
  }
  return at;
}

/** A copy of plain data with changes made. */
export function changed(value: unknown, changes: readonly Change[]): unknown {
  const root = { value: structuredClone(value) };
  const parents = changes.map(({ path, do: what }) =>
    parentOf(root, ["value", ...path], what === "set" || what === "append"),
  );
  changes.forEach((change, index) => {
    const parent = parents[index];
    const key = change.path.at(-1) ?? "value";
    if (parent === undefined) return;
    if (change.do === "set") parent[key] = change.value;
    else if (change.do === "append") {
      if (!Array.isArray(parent[key])) parent[key] = [];
      (parent[key] as unknown[]).push(change.value);
    }
  });
  const gone = new Set<unknown[]>();
  changes.forEach((change, index) => {
    const parent = parents[index];
    const key = change.path.at(-1) ?? "value";
    if (parent === undefined || change.do !== "delete") return;
    if (Array.isArray(parent)) {
      parent[Number(key)] = GONE;
      gone.add(parent);
    } else delete parent[key];
  });
  for (const list of gone) list.splice(0, list.length, ...list.filter((item) => item !== GONE));
  changes.forEach((change, index) => {
    if (change.do === "rename") rename(parents[index] ?? {}, change.path.at(-1) ?? "", change.key);
  });
  return root.value;
}

const GONE = Symbol("gone");

function parentOf(root: Mapping, path: Path, make: boolean): Mapping | undefined {
  let at: Mapping = root;
  for (const step of path.slice(0, -1)) {
    const next = Object.hasOwn(at, step) ? at[step] : undefined;
    if (typeof next === "object" && next !== null) at = next as Mapping;
    else if (make) {
      const made = {};
      at[step] = made;
      at = made;
    } else return undefined;
  }
  return at;
}

function rename(mapping: Mapping, from: string | number, to: string): void {
  const entries = Object.entries(mapping).map(([key, value]) => [key === String(from) ? to : key, value] as const);
  for (const key of Object.keys(mapping)) delete mapping[key];
  for (const [key, value] of entries) mapping[key] = value;
}
