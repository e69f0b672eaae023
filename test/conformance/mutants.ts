/** Takes away the code at a clause tag, in each way that makes sense of what stands there. */
import { stripTypeScriptTypes } from "node:module";
import { type Node, parse } from "acorn";
import { readSource, walk } from "../tidy/source-file.ts";

export interface Mutant {
  /** What was done, in words. */
  readonly what: string;
  readonly text: string;
}

interface Change {
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly put: string;
}

type AnyNode = Node & {
  test?: AnyNode;
  body?: AnyNode;
  argument?: AnyNode | null;
  value?: AnyNode;
  init?: AnyNode | null;
  expression?: boolean | AnyNode;
  declarations?: AnyNode[];
  declaration?: AnyNode;
  left?: AnyNode;
  right?: AnyNode;
  operator?: string;
  consequent?: AnyNode;
  alternate?: AnyNode | null;
};

/**
 * The mutants of a file for the comment between these offsets, the plainest first: the statement is taken out, the
 * condition never or always holds, the function does nothing, the value is none.
 */
export function mutantsAt(path: string, text: string, at: number, end: number): Mutant[] {
  const { tree, code } = readSource(path, text);
  const target = targetOf(tree, text, code, at, end);
  if (target === undefined) return [];
  const excerpt = (node: Node): string => text.slice(node.start, node.end).split("\n")[0]?.trim().slice(0, 60) ?? "";
  return changesTo(target, text)
    .map(({ what, start, end: stop, put }) => ({
      what: `${what}: ${excerpt(target)}`,
      text: text.slice(0, start) + put + text.slice(stop),
    }))
    .filter((mutant) => mutant.text !== text && isReadable(mutant.text));
}

function isReadable(text: string): boolean {
  try {
    parse(stripTypeScriptTypes(text), { ecmaVersion: "latest", sourceType: "module" });
    return true;
  } catch {
    return false;
  }
}

/** The code that a comment is about: in front of it on its line, else what begins after it. */
function targetOf(tree: Node, text: string, code: string, at: number, end: number): AnyNode | undefined {
  const line = text.lastIndexOf("\n", at) + 1;
  const before = code.slice(line, at).trimEnd();
  const isTrailing = before.trim() !== "";
  const place = isTrailing
    ? line + before.length - 1
    : end + (/^\s*(?:export\s+)?/.exec(code.slice(end))?.[0].length ?? 0);
  const lineStart = line + (before.length - before.trimStart().length);
  let best: AnyNode | undefined;
  walk(tree, (node, ancestors) => {
    if (!isTarget(node, ancestors.at(-1))) return;
    const fits = isTrailing
      ? node.start >= lineStart && node.start <= place && node.end >= place
      : node.start === place;
    if (!fits) return;
    // Of what begins at the place the largest; of what stands in front of a comment the largest on its line.
    if (best === undefined || node.end - node.start > best.end - best.start) best = node as AnyNode;
  });
  if (best !== undefined || !isTrailing) return best;
  // The end of something that began on an earlier line: the closest statement around it.
  walk(tree, (node, ancestors) => {
    if (!isTarget(node, ancestors.at(-1)) || node.start > place || node.end < place) return;
    if (best === undefined || node.end - node.start <= best.end - best.start) best = node as AnyNode;
  });
  return best;
}

function isTarget(node: Node, parent: Node | undefined): boolean {
  if (/Statement$|Declaration$/.test(node.type)) return node.type !== "BlockStatement" || parent === undefined;
  if (["MethodDefinition", "PropertyDefinition", "Property"].includes(node.type)) return true;
  return parent?.type === "LogicalExpression" || parent?.type === "ConditionalExpression";
}

const NOTHING = "undefined as never";

function changesTo(node: AnyNode, text: string): Change[] {
  const whole = { start: node.start, end: node.end };
  const source = (of: Node): string => text.slice(of.start, of.end);
  const value = (of: Node, name: string): Change[] => [
    { what: `the opposite ${name}`, start: of.start, end: of.end, put: `!(${source(of)})` },
    { what: `a ${name} of 0`, start: of.start, end: of.end, put: "0" },
    { what: `a ${name} of a thousand times as much`, start: of.start, end: of.end, put: `(${source(of)}) * 1000` },
    { what: `no ${name}`, start: of.start, end: of.end, put: NOTHING },
  ];
  switch (node.type) {
    case "IfStatement":
      return conditions(node.test as AnyNode, text);
    case "ReturnStatement":
      return [
        { what: "taken out", ...whole, put: ";" },
        ...(node.argument ? [...operands(node.argument, text), ...value(node.argument, "result")] : []),
      ];
    case "VariableDeclaration": {
      const init = node.declarations?.[0]?.init;
      if (!init) return [];
      return init.type === "ArrowFunctionExpression"
        ? emptied(init, text)
        : [...operands(init, text), ...value(init, "value")];
    }
    case "FunctionDeclaration":
      return emptied(node, text);
    case "MethodDefinition":
      return node.value === undefined ? [] : emptied(node.value, text);
    case "PropertyDefinition":
    case "Property":
      return node.value ? value(node.value, "value") : [];
    case "ExportNamedDeclaration":
      return node.declaration ? changesTo(node.declaration, text) : [];
    case "ExpressionStatement": {
      const right = (node.expression as AnyNode).right;
      return [{ what: "taken out", ...whole, put: ";" }, ...(right ? operands(right, text) : [])];
    }
    case "ClassDeclaration":
      return [];
    default:
      if (/Statement$/.test(node.type)) return [{ what: "taken out", ...whole, put: ";" }];
      return [
        { what: "always", ...whole, put: "true" },
        { what: "never", ...whole, put: "false" },
        ...value(node, "value"),
      ];
  }
}

/** An `if` that never or always holds, and each half of an "and" or an "or" in it left out. */
function conditions(test: AnyNode, text: string): Change[] {
  const { start, end } = test;
  return [
    { what: "never", start, end, put: "false" },
    { what: "always", start, end, put: "true" },
    ...operands(test, text),
  ];
}

function operands(node: AnyNode, text: string): Change[] {
  if (node.type === "ConditionalExpression") {
    const { start, end } = node.test as AnyNode;
    return [
      { what: "the first choice", start, end, put: "true" },
      { what: "the second choice", start, end, put: "false" },
    ];
  }
  if (node.type === "CallExpression") {
    // Math.min(a, b): each limit left out.
    const { arguments: args } = node as unknown as { arguments: AnyNode[] };
    if (!/^Math\.(?:min|max)\b/.test(text.slice(node.start, node.end)) || args.length < 2) return [];
    return args.map((each, index) => {
      const from = index === 0 ? each.start : (args[index - 1] as AnyNode).end;
      const to = index === 0 ? (args[1] as AnyNode).start : each.end;
      return { what: `without ${text.slice(each.start, each.end)}`, start: from, end: to, put: "" };
    });
  }
  const sum = node.type === "BinaryExpression" && ["|", "+"].includes(node.operator ?? "");
  if (node.type !== "LogicalExpression" && !sum) return [];
  const { left, right, start, end } = node as Required<AnyNode>;
  const half = (of: AnyNode): string => text.slice(of.start, of.end);
  return [
    { what: "without its second half", start, end, put: half(left) },
    { what: "without its first half", start, end, put: half(right) },
    ...operands(left, text),
    ...operands(right, text),
  ];
}

function emptied(node: AnyNode, text: string): Change[] {
  const body = node.body as AnyNode;
  const { start, end } = body;
  if (body.type !== "BlockStatement")
    return [{ what: "emptied", start, end, put: `(${NOTHING})` }, ...operands(body, text)];
  return [{ what: "emptied", start, end, put: "{}" }];
}
