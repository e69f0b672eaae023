/**
 * `npm test`: every test file of the repository under Node's test runner. Arguments are handed on to it, a file or
 * pattern among them replaces the usual ones: `npm test -- src/wire/ipv4.test.ts`, `npm test -- --test-name-pattern=ARP`.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const TEST_FILES = [
  "src/**/*.test.ts",
  "test/**/*.test.ts",
  "cli/**/*.test.ts",
  "bench/**/*.test.ts",
  "lab/**/*.test.ts",
];
export const RUNNER_OPTIONS = [
  "--conditions=netarium:source",
  "--disable-warning=ExperimentalWarning",
  "--test",
  "--test-concurrency=2",
];

/**
 * Of whatever runs tests: what a process has compiled is kept for the next one. There are hundreds, and each would spend most of its
 * start on the same sources.
 */
export const RUNNER_ENV = {
  ...process.env,
  NODE_COMPILE_CACHE: fileURLToPath(new URL("../node_modules/.cache/netarium-tests", import.meta.url)),
};

/** A test that never ends is a failure, not a wait: milliseconds that any one of them, a whole file too, may take. */
const LIMIT = 600_000;

function main(): void {
  const given = process.argv.slice(2);
  const options = given.filter((argument) => argument.startsWith("-"));
  const files = given.filter((argument) => !argument.startsWith("-"));
  const all = [...RUNNER_OPTIONS, `--test-timeout=${LIMIT}`, ...options, ...(files.length > 0 ? files : TEST_FILES)];
  const child = spawn(process.execPath, all, { stdio: "inherit", env: RUNNER_ENV });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  child.on("close", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

if (import.meta.main) main();
