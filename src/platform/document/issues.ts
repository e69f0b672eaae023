import type { core } from "zod";
import { describe, quote, suggest } from "./problem.ts";
import type { Reading } from "./reading.ts";
import type { Path } from "./yaml.ts";

type Issue = core.$ZodIssue;

/** Tells what the schema finds wrong. The message of an issue says what was expected; for unknown keys, the known ones. */
export function tellIssues(reading: Reading, issues: readonly Issue[], under: Path = []): void {
  for (const issue of issues) tell(reading, issue, [...under, ...(issue.path as Path)]);
}

function tell(reading: Reading, issue: Issue, path: Path): void {
  const found = reading.valueAt(path);
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(", ");
    for (const key of issue.keys) {
      const hint = suggest(key, known) ?? `known here: ${issue.message}`;
      reading.error([...path, key], `unknown key ${quote(key)}`, hint, "key");
    }
  } else if (issue.code === "invalid_key") {
    const expected = issue.issues[0]?.message ?? issue.message;
    reading.error(path, `expected ${expected}, found ${describe(path.at(-1))}`, undefined, "key");
  } else if (issue.code === "invalid_union" && issue.errors.length > 0 && !isNothing(found)) {
    const branch = nearest(issue.errors);
    if (branch.every((each) => each.path.length === 0 && each.code === "invalid_type")) expect(reading, issue, path);
    else tellIssues(reading, branch, path);
  } else expect(reading, issue, path);
}

function expect(reading: Reading, issue: Issue, path: Path): void {
  const found = reading.valueAt(path);
  if (found === undefined && path.length > 0) {
    const missing = `missing ${quote(String(path.at(-1)))}: expected ${issue.message}`;
    reading.error(path.slice(0, -1), missing, undefined, "key");
    return;
  }
  const values = issue.code === "invalid_value" ? issue.values : optionsOf(issue);
  const hint = typeof found === "string" && values ? suggest(found, values.map(String)) : undefined;
  reading.error(
    path,
    `expected ${issue.message}, found ${describe(found)}`,
    hint?.startsWith("did") ? hint : undefined,
  );
}

/** The kinds that a discriminated union knows. */
function optionsOf(issue: Issue): readonly unknown[] | undefined {
  return "options" in issue && Array.isArray(issue.options) ? issue.options : undefined;
}

const isNothing = (found: unknown): boolean =>
  found === undefined || found === null || (typeof found === "object" && Object.keys(found).length === 0);

/** The issues of the alternative that was probably meant: of the right kind, and with the fewest unknown keys and issues. */
function nearest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const distance = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => {
      if (issue.code === "unrecognized_keys") return sum + 10 * issue.keys.length;
      return sum + (issue.code === "invalid_type" && issue.path.length === 0 ? 1000 : 1);
    }, 0);
  return alternatives.toSorted((a, b) => distance(a) - distance(b))[0] ?? [];
}
