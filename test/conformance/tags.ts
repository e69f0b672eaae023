/**
 * Clause tags: what comments (and in tests also titles and messages) name of the standards, and whose they are.
 * `RFC 9293 §3.8.3 (MUST-20)` gives `RFC 9293 §3.8.3` and `MUST-20`; `RFC 6298 §5, (5.4)–(5.6)` gives `RFC 6298 §5` and
 * `RFC 6298 (5.4)`, `(5.5)`, `(5.6)`. A section without its RFC is of the one before it, at first of RFC 9293.
 */
import type { CallExpression, Node } from "acorn";
import { lineAt, readSource, type SourceFile, walk } from "../tidy/source-file.ts";

export interface Tag {
  readonly ref: string;
  readonly path: string;
  readonly line: number;
  /** Offset of the comment or literal that has it. */
  readonly at: number;
  readonly end: number;
  /** The function, class or constant that has it; of a test its title. */
  readonly symbol: string;
}

/** A comment or a string, and where it is. */
export interface Passage {
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

const WORDS =
  /RFC (\d+)|§(\d+(?:\.\d+)*)|\((\d\.\d+)\)(?:–\((\d\.\d+)\))?|\b((?:MUST|SHLD|MAY|REC)-\d+)(?:–(?:(?:MUST|SHLD|MAY|REC)-)?(\d+))?/g;

/** The clauses that a text names. @param before the RFC that was named last, whose the numbers in brackets are */
export function refsIn(text: string, before = "RFC 9293"): string[] {
  const refs = new Set<string>();
  let rfc = "RFC 9293";
  let named = before;
  for (const [, number, section, item, lastItem, id, lastId] of text.matchAll(WORDS)) {
    if (number !== undefined) rfc = named = `RFC ${number}`;
    else if (section !== undefined) refs.add(`${rfc} §${section}`);
    else if (item !== undefined) {
      const [part, first] = item.split(".").map(Number) as [number, number];
      const last = lastItem === undefined ? first : Number(lastItem.split(".")[1]);
      for (let each = first; each <= last; each++) refs.add(`${named} (${part}.${each})`);
    } else if (id !== undefined) {
      const [name = "", first = 0] = [id.split("-")[0], Number(id.split("-")[1])];
      for (let each = first; each <= Number(lastId ?? first); each++) refs.add(`${name}-${each}`);
    }
  }
  return [...refs];
}

/** The comments of a file; neighbouring lines are one. */
function comments(file: SourceFile): Passage[] {
  const literals: Node[] = [];
  walk(file.tree, (node) => {
    if (node.type === "Literal" || node.type === "TemplateElement") literals.push(node);
  });
  const found: Passage[] = [];
  const pattern = /\/\*[\s\S]*?\*\/|\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*/g;
  for (let match = pattern.exec(file.text); match !== null; match = pattern.exec(file.text)) {
    const { index } = match;
    const literal = literals.find(({ start, end }) => start <= index && index < end);
    if (literal !== undefined) {
      pattern.lastIndex = literal.end;
      continue;
    }
    // Behind code a comment is of its line alone.
    const behind =
      match[0].startsWith("//") && /\S/.test(file.text.slice(file.text.lastIndexOf("\n", index) + 1, index));
    const text = behind ? (match[0].split("\n")[0] as string) : match[0];
    pattern.lastIndex = index + text.length;
    found.push({ text: text.replace(/\n\s*(?:\*|\/\/)?/g, " "), at: index, end: index + text.length });
  }
  return found;
}

/** A node that has a name, and what it is called. */
interface Named {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const nameOf = (node: Node): string | undefined => {
  const { type, id, key } = node as { type: string; id?: { name?: string }; key?: { name?: string } };
  if (type === "FunctionDeclaration" || type === "ClassDeclaration") return id?.name;
  if (type === "VariableDeclarator") return id?.name;
  if (type === "MethodDefinition" || type === "PropertyDefinition") {
    const mark = (key as { type?: string }).type === "PrivateIdentifier" ? "#" : "";
    return key?.name === undefined ? undefined : mark + key.name;
  }
  return undefined;
};

function namedIn(file: SourceFile): Named[] {
  const found: Named[] = [];
  walk(file.tree, (node, ancestors) => {
    const name = nameOf(node);
    if (name === undefined) return;
    // Of variables those at the top; a class and a property are told with it.
    const inside = ancestors.some(({ type }) => /Function|MethodDefinition/.test(type));
    if (node.type === "VariableDeclarator" && inside) return;
    const owner = ancestors.findLast(({ type }) => type === "ClassDeclaration");
    const declaration = node.type === "VariableDeclarator" ? (ancestors.at(-1) as Node) : node;
    found.push({
      name: owner === undefined ? name : `${nameOf(owner)}.${name}`,
      start: declaration.start,
      end: declaration.end,
    });
  });
  return found;
}

/** What a passage of a source file belongs to: what encloses it most closely, or what it stands in front of. */
function symbolAt(file: SourceFile, named: readonly Named[], { at, end }: Passage): string {
  const next = end + (/^\s*(?:export\s+)?(?:default\s+)?/.exec(file.text.slice(end))?.[0].length ?? 0);
  const headed = named.filter(({ start }) => start === next).at(0);
  if (headed !== undefined && file.text.slice(at, at + 2) === "/*") return headed.name;
  const around = named.filter((each) => each.start <= at && each.end >= end);
  const closest = around.reduce<Named | undefined>(
    (best, each) => (best === undefined || each.end - each.start <= best.end - best.start ? each : best),
    undefined,
  );
  if (closest !== undefined) return closest.name;
  if (headed !== undefined) return headed.name;
  // Of an interface nothing is left but the text.
  const field = /^\s*(?:readonly\s+)?(\w+)\??[:(]/.exec(file.text.slice(end))?.[1];
  return field ?? "";
}

/** What groups are made of. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** The clauses of each passage, in their order in the file. */
function refsOf(passages: readonly Passage[]): (Passage & { readonly refs: string[] })[] {
  let before = "RFC 9293";
  return [...passages]
    .sort((a, b) => a.at - b.at)
    .map((passage) => {
      const refs = refsIn(passage.text, before);
      before = /RFC \d+(?!.*RFC \d)/s.exec(passage.text)?.[0] ?? before;
      return { ...passage, refs };
    });
}

export function sourceTags(path: string, text: string): Tag[] {
  const file = readSource(path, text);
  const named = namedIn(file);
  return refsOf(comments(file)).flatMap(({ refs, ...passage }) => {
    if (refs.length === 0) return [];
    const symbol = symbolAt(file, named, passage);
    return refs.map((ref) => ({ ref, path, line: lineAt(text, passage.at), at: passage.at, end: passage.end, symbol }));
  });
}

interface TestCase extends Named {
  readonly titleAt: number;
}

/** Every `test("…", …)` with what its title says; a template's places are left as they are. */
function testsIn(file: SourceFile): TestCase[] {
  const found: TestCase[] = [];
  walk(file.tree, (node) => {
    if (node.type !== "CallExpression") return;
    const { callee, arguments: args } = node as CallExpression;
    const [title] = args;
    const name = callee.type === "Identifier" ? callee.name : "";
    if (!["test", "it", "describe"].includes(name) || title === undefined) return;
    if (title.type !== "Literal" && title.type !== "TemplateLiteral") return;
    const quoted = file.text.slice(title.start + 1, title.end - 1);
    found.push({ name: quoted, start: node.start, end: node.end, titleAt: title.start });
  });
  return found;
}

/** The clauses that the tests of a file name, in comments, titles and messages; the symbol is the test's title. */
export function testTags(path: string, text: string): Tag[] {
  const file = readSource(path, text);
  const tests = testsIn(file);
  const passages: Passage[] = comments(file);
  walk(file.tree, ({ type, start, end, ...rest }) => {
    const value = (rest as { value?: unknown }).value;
    if (type === "Literal" && typeof value === "string") passages.push({ text: value, at: start, end });
    if (type === "TemplateLiteral") passages.push({ text: text.slice(start, end), at: start, end });
  });
  return refsOf(passages).flatMap(({ refs, ...passage }) => {
    if (refs.length === 0) return [];
    const around = tests.filter((each) => each.start <= passage.at && each.end >= passage.end);
    const next = passage.end + (/^\s*/.exec(text.slice(passage.end))?.[0].length ?? 0);
    const owner = tests.find(({ start }) => start === next) ?? around.at(-1);
    if (owner === undefined) return [];
    const line = lineAt(text, passage.at);
    return refs.map((ref) => ({ ref, path, line, at: passage.at, end: passage.end, symbol: owner.name }));
  });
}

/** The clauses that a packet script names in its comments. */
export function scriptTags(path: string, text: string): Tag[] {
  const comment = [...text.matchAll(/^\s*\/\/ ?(.*)$/gm)].map(([, line]) => line).join(" ");
  return refsIn(comment).map((ref) => ({ ref, path, line: 1, at: 0, end: 0, symbol: "" }));
}
