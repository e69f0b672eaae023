/**
 * `npm run test:freebsd -- [FOLDER]`: runs the packet scripts of the FreeBSD suite and writes docs/freebsd-scripts.md.
 * Ends with 1 when fewer than nine tenths of those pass whose expectations Linux shares, or one fails unexplained.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Outcome, openScripts, report, runOne, shared } from "./suite.ts";

const SUITE = "https://github.com/freebsd-net/tcp-testsuite";

async function main(given: string | undefined): Promise<number> {
  const folder = given === undefined ? clone() : resolve(given);
  try {
    const outcomes: Outcome[] = [];
    for (const path of openScripts(folder)) outcomes.push(await runOne(folder, path));
    writeFileSync(new URL("../../../docs/freebsd-scripts.md", import.meta.url), report(outcomes, commitOf(folder)));
    const { passed, failed } = shared(outcomes);
    for (const { message } of failed) console.log(message.replaceAll("\n", "\n    "));
    console.log(`${outcomes.length} scripts, ${passed.length} pass, ${failed.length} fail that should pass`);
    return failed.length === 0 && passed.length > 0 ? 0 : 1;
  } finally {
    if (given === undefined) rmSync(folder, { recursive: true });
  }
}

function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), "tcp-testsuite-"));
  execFileSync("git", ["clone", "--quiet", "--depth", "1", SUITE, folder], { stdio: "inherit" });
  return folder;
}

const commitOf = (folder: string): string =>
  execFileSync("git", ["-C", folder, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();

process.exitCode = await main(process.argv[2]);
