import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  type Node,
  parseDocument,
  stringify,
  visit,
} from "yaml";
import { isSame } from "../../../base/plain-data.ts";
import type { Path } from "../yaml.ts";
import { readYaml } from "../yaml.ts";
import { type Change, changed } from "./change.ts";
import { Places, pairOf } from "./places.ts";
import { spliced, splicesOf } from "./splices.ts";

/**
 * A YAML text that says what the given one says, with changes made. All else stays as it stands, letter for letter; only where
 * that cannot be done (aliases, unusual style) more of the text is written anew, comments included.
 * @param text one without problems @param value what it says
 */
export function applyChanges(text: string, value: unknown, changes: readonly Change[]): string {
  const wanted = changed(value, changes);
  const says = (result: string | undefined): result is string => {
    if (result === undefined) return false;
    const read = readYaml(result);
    return read.problems.length === 0 && isSame(read.value, wanted);
  };
  const document = parse(text);
  const splices = splicesOf(new Places(text, document), changes);
  const replaced = splices && spliced(text, splices);
  if (says(replaced)) return replaced;
  const anew = written(document, changes);
  if (says(anew)) return anew;
  const expanded = written(withoutAliases(parse(text)), changes);
  return says(expanded) ? expanded : stringify(wanted, { schema: "core", lineWidth: 0 });
}

/** As {@link applyChanges}, without a look at what comes of it: it may say something else. */
export function inPlace(text: string, value: unknown, changes: readonly Change[]): string {
  const splices = splicesOf(new Places(text, parse(text)), changes);
  return (splices && spliced(text, splices)) ?? applyChanges(text, value, changes);
}

const parse = (text: string): Document =>
  parseDocument(text, { schema: "core", keepSourceTokens: true, stringKeys: true });

/** By the library's own means: what it cannot do it throws. */
function written(document: Document, changes: readonly Change[]): string | undefined {
  try {
    const ordered = [
      ...changes.filter(({ do: what }) => what !== "delete" && what !== "rename"),
      ...deletions(changes),
    ];
    for (const change of ordered) {
      if (change.do === "set") document.setIn(change.path, plainNode(document, change.value));
      else if (change.do === "delete") document.deleteIn(change.path);
      else if (change.do === "append") append(document, change.path, change.value);
    }
    for (const change of changes) if (change.do === "rename") rename(document, change.path, change.key);
    return document.toString({ lineWidth: 0 });
  } catch {
    return undefined;
  }
}

/** From the end of lists to their beginning, so that places stay what they were. */
const deletions = (changes: readonly Change[]): Change[] =>
  changes
    .filter(({ do: what }) => what === "delete")
    .toSorted((a, b) => Number(b.path.at(-1)) - Number(a.path.at(-1)) || 0);

function append(document: Document, path: Path, value: unknown): void {
  if (document.getIn(path) === undefined) document.setIn(path, plainNode(document, []));
  document.addIn(path, plainNode(document, value));
}

function rename(document: Document, path: Path, key: string): void {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const old = isMap(parent) ? pairOf(parent, path.at(-1) ?? "")?.key : undefined;
  if (isScalar(old)) old.value = key;
}

/** As a line, where it is a list or mapping: that is how people write devices and cables. */
function plainNode(document: Document, value: unknown): Node {
  const node = document.createNode(value);
  if (isCollection(node)) node.flow = JSON.stringify(value).length < 100;
  return node;
}

/** Each alias becomes a copy of what it stands for. */
function withoutAliases(document: Document): Document {
  visit(document, {
    Alias: (_, alias) => {
      const source = alias.resolve(document);
      if (source === undefined) return undefined;
      const copy = source.clone() as Node;
      if (!isAlias(copy)) delete (copy as { anchor?: string }).anchor;
      return copy;
    },
  });
  visit(document, {
    Node: (_, node) => {
      if (isNode(node) && !isAlias(node)) delete (node as { anchor?: string }).anchor;
    },
  });
  return document;
}
