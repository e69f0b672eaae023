/**
 * `npm run test:clauses -- [--count=10] [--seed=1] [--all|--must] [--quick] [ID…]`: for clauses chosen by a seed, or named,
 * takes the code at the tag away in a copy of the tree, runs the tests that name the clause, and tells whether one fails.
 * Ends with 1 when a clause survives: then no test would notice that it is not kept. With --quick the first place at
 * which a test fails is enough.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../../src/base/random.ts";
import { mutantsAt } from "./mutants.ts";
import type { Requirement } from "./requirements/requirement.ts";
import { groupBy, type Tag } from "./tags.ts";
import { CHAPTERS, ROOT, readTree } from "./tree.ts";

const COPIED = ["src", "test", "cli", "bin", "docs", "examples", "schema", "package.json"];
/** A mutant may loop for ever. */
const LIMIT_MS = 60_000;

interface Place {
  readonly where: string;
  /** What was taken away when a test failed; undefined when none did. */
  readonly killedBy: string | undefined;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    all: { type: "boolean", default: false },
    must: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
  },
});
/** What is tried is the copy as it is now, whatever is edited meanwhile. */
const copy = mkdtempSync(join(tmpdir(), "clauses-"));
for (const each of COPIED) cpSync(join(ROOT, each), join(copy, each), { recursive: true });
symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
const tree = readTree(copy);
const done = CHAPTERS.flatMap(({ requirements }) => requirements).filter(
  ({ notDone, abstention }) => notDone === undefined && abstention === undefined,
);

function chosen(): Requirement[] {
  if (positionals.length > 0) return done.filter(({ id }) => positionals.includes(id));
  const musts = done.filter(({ id }) => id.startsWith("MUST-"));
  if (values.all) return done;
  if (values.must) return musts;
  const random = new Random(Number(values.seed), "clauses");
  const picked: Requirement[] = [];
  while (picked.length < Math.min(Number(values.count), musts.length)) {
    const next = musts[random.below(musts.length)] as Requirement;
    if (!picked.includes(next)) picked.push(next);
  }
  return picked;
}

/** @returns whether the tests that name the clause fail in the copy */
function fails(tests: readonly Tag[]): boolean {
  const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  for (const [path, tags] of groupBy(tests, (tag) => (tag.path.endsWith(".pkt") ? "" : tag.path))) {
    const titles = path === "" ? tags.map((tag) => basename(tag.path)) : tags.map(({ symbol }) => symbol);
    const plain = titles.every((title) => !title.includes("${") && title !== "");
    const patterns = plain ? [...new Set(titles)].map((title) => `--test-name-pattern=${literally(title)}`) : [];
    const file = path === "" ? "test/packet-scripts/packet-scripts.test.ts" : path;
    const runnable = file.endsWith("-suite.ts") ? "test/networks/sockets-virtual.test.ts" : file;
    const options = ["--conditions=netarium:source", "--disable-warning=ExperimentalWarning", "--test", ...patterns];
    const run = spawnSync(process.execPath, [...options, runnable], { cwd: copy, timeout: LIMIT_MS });
    if (run.status !== 0) return true;
  }
  return false;
}

function tryAt(
  path: string,
  where: string,
  mutants: readonly { what: string; text: string }[],
  tests: readonly Tag[],
): Place {
  const original = readFileSync(join(copy, path), "utf8");
  const survived: string[] = [];
  for (const { what, text } of mutants) {
    writeFileSync(join(copy, path), text);
    const killed = fails(tests);
    writeFileSync(join(copy, path), original);
    if (killed) return { where, killedBy: what };
    survived.push(what);
  }
  return { where, killedBy: undefined };
}

function placesOf(requirement: Requirement): Place[] {
  const tests = tree.tests.get(requirement.id) ?? [];
  const { without } = requirement;
  if (without !== undefined) {
    const text = readFileSync(join(copy, without.file), "utf8");
    if (text.split(without.find).length !== 2) throw new Error(`${without.file} has not once: ${without.find}`);
    const mutant = { what: `without ${without.find}`, text: text.replace(without.find, without.put) };
    return [tryAt(without.file, without.file, [mutant], tests)];
  }
  const places: Place[] = [];
  for (const { path, line, symbol, at, end } of tree.sources.get(requirement.id) ?? []) {
    const mutants = mutantsAt(path, readFileSync(join(copy, path), "utf8"), at, end);
    places.push(tryAt(path, `${path}:${line} ${symbol}`, mutants, tests));
    if (values.quick && places.at(-1)?.killedBy !== undefined) break;
  }
  return places;
}

function main(): number {
  let surviving = 0;
  try {
    const requirements = chosen();
    const all = requirements.flatMap(({ id }) => tree.tests.get(id) ?? []);
    if (fails(all)) throw new Error("a test that names one of the clauses fails as it is");
    for (const requirement of requirements) {
      const places = placesOf(requirement);
      const isKilled = places.some(({ killedBy }) => killedBy !== undefined);
      if (!isKilled) surviving++;
      console.log(`${isKilled ? "fails " : "SURVIVES"} ${requirement.id}: ${requirement.text}`);
      for (const { where, killedBy } of places) console.log(`    ${where}: ${killedBy ?? "no test notices"}`);
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
  console.log(surviving === 0 ? "every clause has a test that fails without it" : `${surviving} survive`);
  return surviving === 0 ? 0 : 1;
}

process.exitCode = main();
