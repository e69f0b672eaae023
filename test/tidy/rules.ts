/**
 * The rules that no compiler or linter holds for us. Each finds what breaks it in one file and says what to do.
 */
import { posix } from "node:path";
import type { Node } from "acorn";
import { lineAt, type SourceFile, walk } from "./source-file.ts";

export interface Finding {
  readonly line: number;
  readonly message: string;
}

export interface Rule {
  readonly name: string;
  readonly check: (file: SourceFile) => Finding[];
}

/** An import may only point left. `src/index.ts` stands where the core is complete. */
export const ORDER = [
  ...["base", "time", "address", "wire", "packet", "link", "internet", "transport", "socket", "device", "capture"],
  ...["application", "network", "engine", "index.ts", "platform", "cli"],
] as const;

/** Packages that a folder of the library may use; all others use none. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = { application: ["mime/lite", "negotiator"] };
const FREE = ["platform", "cli", "lab", ""];

export const MAX_FILE_LINES = 500;
export const MAX_FUNCTION_LINES = 80;

/** The folder that decides a file's place: `transport`, `index.ts`, `cli`, `lab`; "" for all that has none. */
export function folderOf(path: string): string {
  const [top = "", next = ""] = path.split("/");
  if (top === "src") return next;
  return top === "cli" || top === "lab" ? top : "";
}

/** cli and lab both stand at the right end, beside each other. */
const rank = (folder: string): number => ORDER.indexOf((folder === "lab" ? "cli" : folder) as (typeof ORDER)[number]);

const isTest = (path: string): boolean => path.endsWith(".test.ts");
const isDeclaration = (path: string): boolean => path.endsWith(".d.ts");
const isCore = (path: string): boolean => path.startsWith("src/") && rank(folderOf(path)) < rank("platform");
const isBelowSocket = (path: string): boolean => isCore(path) && rank(folderOf(path)) < rank("socket");

function matches(
  file: SourceFile,
  text: string,
  pattern: RegExp,
  message: (match: RegExpMatchArray) => string,
): Finding[] {
  return [...text.matchAll(pattern)].map((m) => ({ line: lineAt(file.text, m.index), message: message(m) }));
}

/** Every module named by the file: import, export … from, import type and import(). */
export function importsOf(file: SourceFile): { specifier: string; line: number }[] {
  const found = [];
  for (const match of file.code.matchAll(/\b(?:from|import)\s*\(?\s*(["'])/g)) {
    const open = match.index + match[0].length;
    const specifier = file.text.slice(open, file.text.indexOf(match[1] as string, open));
    found.push({ specifier, line: lineAt(file.text, match.index) });
  }
  return found;
}

function checkImport(path: string, specifier: string): string | undefined {
  const own = folderOf(path);
  if (specifier.startsWith(".")) {
    if (!/\.(ts|tsx|js|json|css)$/.test(specifier)) return `write the file's ending: "${specifier}.ts"`;
    const target = posix.normalize(posix.join(posix.dirname(path), specifier));
    const folder = folderOf(target);
    if (own === "" || (isTest(path) && folder === "")) return undefined;
    if (folder === "") return `${own} may not import ${target}, which is no part of the library: move what it needs`;
    if (rank(folder) < 0) return `${folder} has no place in the order of folders: give it one in test/tidy/rules.ts`;
    const left = folder === own || rank(folder) < rank(own);
    return left
      ? undefined
      : `${own} may not import ${folder}: move what it needs to the left, or pass it in as an argument`;
  }
  if (!path.startsWith("src/") || FREE.includes(own) || isTest(path)) return undefined;
  if (PACKAGES[own]?.includes(specifier)) return undefined;
  return `the core uses no packages and no Node: do what needs "${specifier}" in src/platform`;
}

const importOrder: Rule = {
  name: "imports point left",
  check: (file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      const message = checkImport(file.path, specifier);
      return message === undefined ? [] : [{ line, message }];
    }),
};

const IMPURE: readonly [pattern: RegExp, instead: string][] = [
  [
    /(?<!\.)\bDate\s*\.\s*now\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\s(\w]))|(?<!new\s+)\bDate\s*\(\s*\)/g,
    "take the time from the Scheduler's `now`",
  ],
  [/(?<!\.)\bperformance\s*\.\s*\w+/g, "take the time from the Scheduler's `now`"],
  [
    /(?<!\.)\bMath\s*\.\s*random\b|(?<!\.)\bcrypto\s*\.\s*(?:getRandomValues|randomUUID)\b/g,
    "draw from the component's own Random",
  ],
  [
    /(?<![.\w#])(?:globalThis\s*\.\s*)?(?:setTimeout|setInterval|setImmediate|queueMicrotask)\s*\(/g,
    "arm a Timer of the Scheduler",
  ],
  [/(?<![.\w#])process\s*\.\s*\w+/g, "pass it in as an argument from src/platform"],
];

const determinism: Rule = {
  name: "the core reads no clock, no chance and no machine",
  check: (file) => {
    if (!isCore(file.path) || isDeclaration(file.path)) return [];
    return IMPURE.flatMap(([pattern, instead]) =>
      matches(file, file.code, pattern, ([what]) => `${what.trim()} makes runs differ: ${instead}`),
    );
  },
};

const noAny: Rule = {
  name: "no any, no @ts-ignore",
  check: (file) => {
    if (file.path === "src/base/web.d.ts") return [];
    const untyped = /(?:[:<|&]|\bas|=>)\s*any\b(?!\s*[(.:])|,\s*any\s*[>,[]/g;
    const silenced = /@ts-(?:ignore|nocheck)\b/g;
    return [
      ...matches(
        file,
        file.code,
        untyped,
        () => "any switches the checks off: use unknown, a union or a type parameter",
      ),
      ...commentMatches(
        file,
        silenced,
        (what) => `${what} hides every error: mend it, or use @ts-expect-error with a reason`,
      ),
    ];
  },
};

/** Matches in what is blank in `code` and not in `text`: comments and the insides of literals. */
function commentMatches(file: SourceFile, pattern: RegExp, message: (what: string) => string): Finding[] {
  return matches(file, file.text, pattern, ([what]) => message(what)).filter(({ line }) => {
    const text = file.text.split("\n")[line - 1] ?? "";
    return /^\s*(?:\/\/|\/\*|\*)|[;{}]\s*\/\//.test(text);
  });
}

const noPromises: Rule = {
  name: "no promises below socket/",
  check: (file) => {
    if (!isBelowSocket(file.path) || isDeclaration(file.path)) return [];
    return matches(
      file,
      file.code,
      /(?<![.\w])(?:Promise(?:Like)?|async|await)\b(?!\s*:)/g,
      ([what]) => `${what}: below socket/ everything is synchronous; take a callback, or do this in socket/`,
    );
  },
};

const fileLength: Rule = {
  name: `files of at most ${MAX_FILE_LINES} lines`,
  check: (file) => {
    const lines = file.text.trimEnd().split("\n").length;
    if (lines <= MAX_FILE_LINES) return [];
    return [{ line: lines, message: `${lines} lines: split it by concept, each part with its test beside it` }];
  },
};

const functionLength: Rule = {
  name: `functions of at most ${MAX_FUNCTION_LINES} lines`,
  check: (file) => {
    const found: Finding[] = [];
    walk(file.tree, (node, ancestors) => {
      if (!/Function/.test(node.type) || node.loc == null || isSuite(ancestors.at(-1))) return;
      const lines = node.loc.end.line - node.loc.start.line + 1;
      if (lines <= MAX_FUNCTION_LINES) return;
      found.push({ line: node.loc.start.line, message: `a function of ${lines} lines: name its steps as functions` });
    });
    return found;
  },
};

/** The function given to describe(), describeEach() or suite() only groups tests. */
function isSuite(parent: Node | undefined): boolean {
  if (parent?.type !== "CallExpression") return false;
  const { callee } = parent as Node & { callee: Node & { name?: string } };
  return ["describe", "describeEach", "suite"].includes(callee.name ?? "");
}

export const RULES: readonly Rule[] = [importOrder, determinism, noAny, noPromises, fileLength, functionLength];

/** What every tracked text file is held to, whatever its kind. */
export function machinePaths(text: string): Finding[] {
  const pattern = /(?<![\w./~-])\/(?:work|root|home\/\w+|Users\/\w+)\//g;
  return [...text.matchAll(pattern)].map((match) => ({
    line: lineAt(text, match.index),
    message: `${match[0]} is a path of one machine: make it relative to the repository`,
  }));
}

export function registryHosts(lockfile: string): Finding[] {
  return [...lockfile.matchAll(/"resolved":\s*"https?:[^"]*"/g)].map((match) => ({
    line: lineAt(lockfile, match.index),
    message: `${match[0]} names a registry: install with the repository's .npmrc, which leaves it out`,
  }));
}
