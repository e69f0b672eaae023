/**
 * A source file as the rules see it: its text, the same text with comments and literals blanked out, and the syntax
 * tree of the JavaScript in it. Types are not in the tree (Node strips them, keeping every position), so rules about
 * types read the blanked text.
 */
import { stripTypeScriptTypes } from "node:module";
import { type Node, type Program, parse, type Token } from "acorn";

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with the insides of comments, strings, templates and regular expressions turned to spaces. */
  readonly code: string;
  readonly tree: Program;
}

export function readSource(path: string, text: string): SourceFile {
  const regexps: [number, number][] = [];
  const onToken = (token: Token): void => {
    if (token.type.label === "regexp") regexps.push([token.start, token.end]);
  };
  // acorn knows no JSX: of these the rules see the text alone, and Biome counts the lines of functions.
  if (path.endsWith(".tsx"))
    return { path, text, code: blank(text, new Map()), tree: parse("", { ecmaVersion: "latest" }) };
  const plain = path.endsWith(".ts") ? stripTypeScriptTypes(text) : text;
  const tree = parse(plain, { ecmaVersion: "latest", sourceType: "module", locations: true, onToken });
  return { path, text, code: blank(text, new Map(regexps)), tree };
}

/** The line, from 1, of an offset into the text. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** Calls `visit` for every node of the tree with its ancestors, nearest last. */
export function walk(
  node: Node,
  visit: (node: Node, ancestors: readonly Node[]) => void,
  ancestors: Node[] = [],
): void {
  visit(node, ancestors);
  ancestors.push(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, ancestors);
    }
  }
  ancestors.pop();
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

/** Blanks comments and literals; where regular expressions stand is told, since only a parser knows. */
function blank(text: string, regexps: ReadonlyMap<number, number>): string {
  const out = text.split("");
  const wipe = (from: number, to: number): void => {
    for (let i = from; i < to && i < out.length; i++) if (out[i] !== "\n") out[i] = " ";
  };
  /** The depths of braces at which an expression inside a template ends, innermost last. */
  const templates: number[] = [];
  let depth = 0;
  let at = 0;

  const skipTo = (end: number, from = at): void => {
    wipe(from, end);
    at = end;
  };
  const templatePart = (): void => {
    let end = at + 1;
    while (end < text.length && text[end] !== "`" && !text.startsWith("${", end)) end += text[end] === "\\" ? 2 : 1;
    const opens = text[end] === "$";
    if (opens) templates.push(depth++);
    skipTo(end + (opens ? 2 : 1));
  };

  while (at < text.length) {
    const char = text[at];
    const pattern = regexps.get(at);
    if (pattern !== undefined) skipTo(pattern);
    else if (text.startsWith("//", at)) skipTo(endOf(text, "\n", at));
    else if (text.startsWith("/*", at)) skipTo(endOf(text, "*/", at + 2) + 2);
    else if (char === '"' || char === "'") skipTo(endOfString(text, at), at + 1);
    else if (char === "`") templatePart();
    else if (char === "}" && --depth === templates.at(-1)) {
      templates.pop();
      templatePart();
    } else {
      if (char === "{") depth++;
      at++;
    }
  }
  return out.join("");
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== text[start] && text[end] !== "\n") end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}
