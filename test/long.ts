/**
 * `npm run test:long`: the same tests with their larger counts, and docs/long-tests.md to say how they went. A file or
 * pattern given replaces the usual ones, and then no report is written, since it would not be of the whole.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { RUNNER_ENV, RUNNER_OPTIONS, TEST_FILES } from "./run.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
mkdirSync("docs", { recursive: true });
const given = process.argv.slice(2);
const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
if (given.length === 0) {
  reporters.push("--test-reporter=./test/report/long.ts", "--test-reporter-destination=docs/long-tests.md");
}
const all = [...RUNNER_OPTIONS, ...reporters, ...(given.length > 0 ? given : TEST_FILES)];
const ended = spawnSync(process.execPath, all, { stdio: "inherit", env: { ...RUNNER_ENV, NETARIUM_LONG: "1" } });
process.exit(ended.status ?? 1);
