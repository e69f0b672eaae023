import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runPacketScript } from "../../../src/network/packet-script/index.ts";
import { type Group, LEFT_OUT, NOT_SHARED } from "./groups.ts";

/** How a script went, and the group that says why it was not to pass. */
export interface Outcome {
  readonly path: string;
  readonly group: Group | undefined;
  readonly ok: boolean;
  /** Where and how it failed. */
  readonly message: string;
}

/** The scripts under a folder that are open to us: those whose path has an even SHA-256. */
export function openScripts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".pkt"))
    .filter((path) => isEven(path))
    .sort();
}

const isEven = (path: string): boolean => (createHash("sha256").update(path).digest().at(-1) as number) % 2 === 0;

/** Runs one. The windows and SYN options of another system are its own and not looked at. */
export async function runOne(folder: string, path: string): Promise<Outcome> {
  const left = LEFT_OUT.find(({ pattern }) => pattern.test(path));
  if (left !== undefined) return { path, group: left, ok: false, message: left.why };
  const options = { check_windows: "0", check_syn_options: "0" };
  const { ok, line, message } = await runPacketScript(readFileSync(join(folder, path), "utf8"), { options });
  const group = ok ? undefined : NOT_SHARED.find(({ pattern }) => pattern.test(path));
  return { path, group, ok, message: ok ? "" : `${path}:${line}: ${message}` };
}

/** Of the scripts whose expectations Linux shares those that pass, and those that do not. */
export function shared(outcomes: readonly Outcome[]): { passed: Outcome[]; failed: Outcome[] } {
  return {
    passed: outcomes.filter(({ ok }) => ok),
    failed: outcomes.filter(({ ok, group }) => !ok && group === undefined),
  };
}

/** The report, as Markdown. */
export function report(outcomes: readonly Outcome[], commit: string): string {
  const count = (group: Group): number => outcomes.filter((outcome) => outcome.group === group).length;
  const rows = (groups: readonly Group[]): string =>
    groups
      .filter((group) => count(group) > 0)
      .map((group) => `| ${group.name} | ${count(group)} | ${group.clause} | ${group.why} |`)
      .join("\n");
  const { passed, failed } = shared(outcomes);
  const left = LEFT_OUT.reduce((sum, group) => sum + count(group), 0);
  const others = NOT_SHARED.reduce((sum, group) => sum + count(group), 0);
  const both = passed.length + failed.length;
  const percent = ((100 * passed.length) / both).toFixed(1);
  return `# The FreeBSD packet scripts

[freebsd-net/tcp-testsuite](https://github.com/freebsd-net/tcp-testsuite) (BSD licence) at ${commit.slice(0, 10)}: those of its
scripts whose path has an even SHA-256, run by our packet-script runner with \`check_windows\` and \`check_syn_options\` off.
Nothing of the suite is in this repository. This file is written by

    npm run test:freebsd -- FOLDER

with a checkout of the suite; without a folder it is cloned.

| | scripts |
|---|--:|
| open to us | ${outcomes.length} |
| left out | ${left} |
| run | ${outcomes.length - left} |
| expect what Linux does not do | ${others} |
| expect what Linux does | ${both} |
| of these pass | ${passed.length} (${percent} %) |

## Left out

| group | scripts | | why |
|---|--:|---|---|
${rows(LEFT_OUT)}

## What Linux does not share

| FreeBSD expects | scripts | clause | why not |
|---|--:|---|---|
${rows(NOT_SHARED)}

## What Linux shares and we fail

${failed.length === 0 ? "None." : failed.map(({ message }) => `- ${message.split("\n")[0]}`).join("\n")}
`;
}
