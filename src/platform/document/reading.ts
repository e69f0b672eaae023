import type { Program } from "../../application/program.ts";
import type { Problem } from "./problem.ts";
import type { Path, YamlText } from "./yaml.ts";

/** What a file may do only when who starts it allows it by name. */
export const PERMISSIONS = ["publish", "tunnel"] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface ReadOptions {
  /** The programs that a file can name. */
  readonly programs: ReadonlyMap<string, Program>;
  readonly allow?: ReadonlySet<Permission>;
  /** The text of a file, by its path inside the network file's folder, or why it cannot be had. */
  readonly readFile?: (path: string) => string | { readonly message: string };
}

/** Problems beyond this are not told. */
const PROBLEMS_LIMIT = 100;

/** One reading of a file: collects its problems at their places. */
export class Reading {
  readonly options: ReadOptions;
  readonly #yaml: YamlText;
  readonly #problems: Problem[];
  #errors = 0;

  constructor(yaml: YamlText, options: ReadOptions) {
    this.#yaml = yaml;
    this.options = options;
    this.#problems = [...yaml.problems];
    this.#errors = yaml.problems.length;
  }

  /** In the order of the file. */
  get problems(): readonly Problem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, PROBLEMS_LIMIT);
  }

  get failed(): boolean {
    return this.#errors > 0;
  }

  /** What the file says at a path. */
  valueAt(path: Path): unknown {
    let value = this.#yaml.value;
    for (const step of path) {
      const inside = typeof value === "object" && value !== null && Object.hasOwn(value, step);
      value = inside ? (value as Record<string | number, unknown>)[step] : undefined;
    }
    return value;
  }

  /** The line of a path, for a message about another place. */
  lineOf(path: Path): number {
    return this.#yaml.locate(path).line;
  }

  error(path: Path, message: string, hint?: string, part?: "key" | "value"): void {
    this.#errors++;
    this.#add("error", path, message, hint, part);
  }

  warn(path: Path, message: string, hint?: string, part?: "key" | "value"): void {
    this.#add("warning", path, message, hint, part);
  }

  #add(severity: Problem["severity"], path: Path, message: string, hint?: string, part?: "key" | "value"): void {
    if (this.#problems.length > 10 * PROBLEMS_LIMIT) return;
    this.#problems.push({ severity, ...this.#yaml.locate(path, part), message, hint });
  }
}
