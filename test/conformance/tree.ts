import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OTHERS } from "./requirements/others.ts";
import type { Requirement } from "./requirements/requirement.ts";
import { RFC_9293 } from "./requirements/rfc9293.ts";
import { groupBy, scriptTags, sourceTags, type Tag, testTags } from "./tags.ts";

export const ROOT = new URL("../..", import.meta.url).pathname;

/** All that is asked, by chapters. */
export const CHAPTERS: readonly { readonly title: string; readonly requirements: readonly Requirement[] }[] = [
  ...RFC_9293.map(({ title, requirements }) => ({ title: `RFC 9293: ${title}`, requirements })),
  ...OTHERS,
];

export interface Tree {
  /** Where each clause is done. */
  readonly sources: ReadonlyMap<string, readonly Tag[]>;
  /** The tests that name each clause. */
  readonly tests: ReadonlyMap<string, readonly Tag[]>;
}

function under(folder: string, root: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files.map((file) => `${folder}/${file.replaceAll("\\", "/")}`).sort();
}

/** Reads every tag of a working tree. */
export function readTree(root = ROOT): Tree {
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  const files = [...under("src", root), ...under("test", root)];
  const isTest = (path: string): boolean => path.endsWith(".test.ts") || /^test\/networks\/.*-suite\.ts$/.test(path);
  const sources = files.filter((path) => path.startsWith("src/") && path.endsWith(".ts") && !isTest(path));
  const tests = files.filter((path) => isTest(path) && !path.startsWith("test/conformance/"));
  const scripts = files.filter((path) => path.startsWith("test/packet-scripts/") && path.endsWith(".pkt"));
  return {
    sources: byRef(sources.flatMap((path) => sourceTags(path, read(path)))),
    tests: byRef([
      ...tests.flatMap((path) => testTags(path, read(path))),
      ...scripts.flatMap((path) => scriptTags(path, read(path))),
    ]),
  };
}

const byRef = (tags: readonly Tag[]): Map<string, Tag[]> => groupBy(tags, ({ ref }) => ref);
