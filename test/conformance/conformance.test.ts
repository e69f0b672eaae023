import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { conformanceReport, gapOf } from "./report.ts";
import { CHAPTERS, ROOT, readTree } from "./tree.ts";

const tree = readTree();
const requirements = CHAPTERS.flatMap((chapter) => chapter.requirements);

describe("the conformance table", () => {
  test("has every numbered requirement of RFC 9293, once", () => {
    const ids = requirements.map(({ id }) => id).filter((id) => /^(?:MUST|SHLD|MAY|REC)-/.test(id));
    const upTo = (name: string, last: number): string[] =>
      Array.from({ length: last }, (_, index) => `${name}-${index + 1}`);
    const asked = [...upTo("MUST", 69), ...upTo("SHLD", 31), ...upTo("MAY", 18), "REC-1"];
    assert.deepEqual(ids.toSorted(), asked.toSorted());
  });

  test("has no clause that is neither done and tested nor explained", () => {
    assert.deepEqual(
      requirements.flatMap((each) => gapOf(each, tree) ?? []),
      [],
    );
  });

  test("knows every numbered requirement that a comment or test names", () => {
    const known = new Set(requirements.map(({ id }) => id));
    const named = [...tree.sources.keys(), ...tree.tests.keys()].filter((ref) => /^(?:MUST|SHLD|MAY|REC)-/.test(ref));
    assert.deepEqual(
      named.filter((ref) => !known.has(ref)),
      [],
    );
  });

  test("is what npm run conformance writes", () => {
    const written = readFileSync(join(ROOT, "docs/conformance.md"), "utf8");
    assert.ok(written === conformanceReport(tree), "run npm run conformance, and commit docs/conformance.md");
  });
});
