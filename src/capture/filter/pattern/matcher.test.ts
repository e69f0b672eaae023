import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Matcher } from "./matcher.ts";

const found = (pattern: string, text: string, ignoresCase = true): boolean | undefined =>
  Matcher.of(pattern, ignoresCase)?.test(text);

/** Patterns that both we and the runtime's own regular expressions know. */
const { pattern: patterns } = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("a", "b", "B", ".", "\\w", "\\d", "\\W", "\\S", "\\x61", " ", "-", "é") },
    { weight: 2, arbitrary: fc.constantFrom("[ab]", "[^a]", "[a-c\\d]", "[\\w-]", "[^\\s.]", "[-B]") },
    { weight: 2, arbitrary: fc.constantFrom("^", "$", "\\b", "\\B") },
    { weight: 2, arbitrary: tie("pattern").map((inner) => `(${inner})`) },
    { weight: 2, arbitrary: tie("pattern").map((inner) => `(?:${inner})`) },
  ),
  pattern: fc
    .array(
      fc.tuple(
        tie("atom"),
        fc.constantFrom("", "", "", "*", "+", "?", "*?", "{2}", "{1,3}", "{0,1}?", "{2,}", "|", "{0}"),
      ),
      {
        maxLength: 4,
      },
    )
    .map((parts) =>
      parts.map(([atom, sign]) => (/^(?:\^|\$|\\b|\\B)$/.test(atom) && sign !== "|" ? atom : atom + sign)).join(""),
    ),
}));

describe("a pattern", () => {
  test("is found where the runtime's own regular expressions find it", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "A", "B", "c", "1", " ", "-", ".", "\n", "é", "É"), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(patterns, letters, fc.boolean(), (pattern, parts, ignoresCase) => {
        const text = parts.join("");
        assert.equal(
          found(pattern, text, ignoresCase),
          new RegExp(pattern, ignoresCase ? "is" : "s").test(text),
          `${pattern} in ${JSON.stringify(text)}`,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test("of a kind that makes others go back for ever is answered at once", () => {
    const text = `${"a".repeat(200_000)}!`;
    for (const pattern of ["^(a+)+$", "(a|aa)+$", "(.*a){12}$", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$"]) {
      assert.equal(found(pattern, text, false), false, pattern);
    }
    assert.equal(found("(x+x+)+y", "x".repeat(100_000)), false);
    // Each letter leads to another of 2^12 states: they are forgotten again.
    const many = Array.from({ length: 50_000 }, (_, at) => "ab"[(at * at * 31 + (at >> 3)) & 1]).join("");
    assert.equal(found("a.{12}c", many), false);
  });

  test("knows the classes of POSIX, and what Perl calls beginning and end", () => {
    assert.equal(found("^[[:alpha:]]+[[:^digit:]]$", "ab-"), true);
    assert.equal(found("[[:xdigit:]]{4}\\z", "xx00fF"), true);
    assert.equal(found("\\Aab", "cab"), false);
    assert.equal(found("[]a]", "]"), true);
    assert.equal(found("\\x{e9}\\u00e9\\.", "éé."), true);
    assert.equal(found("(?<name>a)(?P<other>b)", "ab"), true);
    assert.equal(found("a{,2}", "a{,2}"), true);
  });

  test("is none when it is broken, looks around, looks back, or is too long", () => {
    for (const pattern of ["(", ")", "[", "[a", "a**", "*", "a*+", "+", "\\", "a{2,1}", "[b-a]", "\\q", "{2}"]) {
      assert.equal(Matcher.of(pattern, true), undefined, pattern);
    }
    for (const pattern of ["(a)\\1", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)", "a{1001}", "\\p{L}"]) {
      assert.equal(Matcher.of(pattern, true), undefined, pattern);
    }
    for (const pattern of ["((a{1000}){1000}){1000}", "((){1000}){1000}", "(".repeat(101) + ")".repeat(101)]) {
      assert.equal(Matcher.of(pattern, true), undefined, pattern);
    }
  });
});
