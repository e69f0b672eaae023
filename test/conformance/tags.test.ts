import assert from "node:assert/strict";
import { test } from "node:test";
import { mutantsAt } from "./mutants.ts";
import { refsIn, scriptTags, sourceTags, testTags } from "./tags.ts";

test("clauses are read as people write them", () => {
  assert.deepEqual(refsIn("RFC 9293 §3.8.3, R2 (MUST-20)"), ["RFC 9293 §3.8.3", "MUST-20"]);
  assert.deepEqual(refsIn("(§3.10.7.4, first; RFC 2018 §3, §4; SHLD-31)"), [
    "RFC 9293 §3.10.7.4",
    "RFC 2018 §3",
    "RFC 2018 §4",
    "SHLD-31",
  ]);
  assert.deepEqual(refsIn("RFC 6298 §5, (5.4)–(5.6)"), [
    "RFC 6298 §5",
    "RFC 6298 (5.4)",
    "RFC 6298 (5.5)",
    "RFC 6298 (5.6)",
  ]);
  assert.deepEqual(refsIn("MUST-30–33"), ["MUST-30", "MUST-31", "MUST-32", "MUST-33"]);
  assert.deepEqual(refsIn("a window of (2.5) seconds")[0], "RFC 9293 (2.5)");
});

const SOURCE = `/** The timer (RFC 6298 §5). */
export function expired(c: C): void {
  if (c.old("// MUST-1 is no comment")) return; // MUST-20
  // MUST-18: as Karn says,
  // and MUST-19
  c.timedAt = -1;
}
interface Settings {
  /** MUST-13 */
  readonly lifetime: number;
}
class Rto {
  /** MUST-40 */
  get now(): number {
    return 1; // MUST-41
  }
}
`;

test("a tag of the source belongs to the function, method or field it stands in or in front of", () => {
  const found = sourceTags("src/a.ts", SOURCE).map(({ ref, line, symbol }) => `${ref} ${line} ${symbol}`);
  assert.deepEqual(found, [
    "RFC 6298 §5 1 expired",
    "MUST-20 3 expired",
    "MUST-18 4 expired",
    "MUST-19 4 expired",
    "MUST-13 9 lifetime",
    "MUST-40 13 Rto.now",
    "MUST-41 15 Rto.now",
  ]);
});

test("a tag of a test belongs to the test, by title, message or comment", () => {
  const text = `// MUST-1 of all
test("sends (MUST-2)", () => {
  assert.ok(true, "RFC 2018 §4");
});
describe("group", () => {
  // MUST-3
  test("inner", () => {});
});
`;
  assert.deepEqual(
    testTags("a.test.ts", text).map(({ ref, symbol }) => `${ref}: ${symbol}`),
    ["MUST-1: sends (MUST-2)", "MUST-2: sends (MUST-2)", "RFC 2018 §4: sends (MUST-2)", "MUST-3: inner"],
  );
  assert.deepEqual(
    scriptTags("a.pkt", "// Waits (MUST-4;\n// RFC 3042 §2).\n0 < S 0:0(0) // MUST-5").map(({ ref }) => ref),
    ["MUST-4", "RFC 3042 §2"],
  );
});

test("what stands at a tag is taken away", () => {
  const at = (mark: string) => {
    const tag = sourceTags("src/a.ts", SOURCE).find(({ ref }) => ref === mark);
    assert.ok(tag);
    return mutantsAt("src/a.ts", SOURCE, tag.at, tag.end).map(({ what, text }) => [what.split(":")[0], text] as const);
  };
  const [never, always] = at("MUST-20");
  assert.match(never?.[1] ?? "", /if \(false\) return; \/\/ MUST-20/);
  assert.equal(always?.[0], "always");
  assert.match(at("MUST-18")[0]?.[1] ?? "", /and MUST-19\n {2};\n}/);
  assert.match(at("RFC 6298 §5")[0]?.[1] ?? "", /expired\(c: C\): void {}\n/);
  assert.match(at("MUST-40")[0]?.[1] ?? "", /get now\(\): number {}\n/);
  assert.deepEqual(
    at("MUST-41").map(([what]) => what),
    ["taken out", "the opposite result", "a result of 0", "a result of a thousand times as much", "no result"],
  );
  assert.deepEqual(at("MUST-13"), [], "an interface does nothing");
});
