import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ALIAS_LIMIT, DEPTH_LIMIT, readYaml, SIZE_LIMIT } from "./yaml.ts";

/** The first problem as `line:column message`. */
const problem = (text: string): string => {
  const { problems, value } = readYaml(text);
  const [first] = problems;
  assert.ok(first !== undefined && value === undefined, "refused");
  return `${first.line}:${first.column} ${first.message}`;
};

describe("reading YAML", () => {
  test("gives plain data and where each part of it stands", () => {
    const yaml = readYaml("a: 1\nb:\n  - x: 10.0.0.1/24\n    y: &one {z: true}\n  - *one\nc:\n");
    assert.deepEqual(yaml.problems, []);
    assert.deepEqual(yaml.value, { a: 1, b: [{ x: "10.0.0.1/24", y: { z: true } }, { z: true }], c: null });
    assert.deepEqual(yaml.locate(["b", 0, "x"]), { line: 3, column: 8 });
    assert.deepEqual(yaml.locate(["b", 0, "x"], "key"), { line: 3, column: 5 });
    assert.deepEqual(yaml.locate(["b", 1, "z"]), { line: 4, column: 17 }, "through the alias");
    assert.deepEqual(yaml.locate(["b", 0, "missing"]), { line: 3, column: 5 });
    assert.deepEqual(yaml.locate([]), { line: 1, column: 1 });
    assert.deepEqual(yaml.locate(["c"], "key"), { line: 6, column: 1 });
  });

  test("a key that stands twice, an unknown tag and a second document are refused", () => {
    assert.equal(problem("a: 1\nb: 2\na: 3\n"), '3:1 "a" stands twice in the same mapping');
    assert.match(problem("a: !!js/function 'x'\n"), /^1:4 Unresolved tag/);
    assert.match(problem("a: 1\n---\nb: 2\n"), /^2:1 .*one YAML document|^3:1 .*one YAML document/);
    assert.match(problem("a: [1, 2\n"), /^2:1 /);
    assert.match(problem("? [a]\n: 1\n"), /^1:3 /);
  });

  test("__proto__ is no name, and nothing is changed by it", () => {
    assert.equal(problem('a:\n  "__proto__": {admin: true}\n'), '2:3 "__proto__" cannot be a name');
    assert.equal(({} as { admin?: boolean }).admin, undefined);
    assert.deepEqual(readYaml("constructor: 1\ntoString: 2").value, { constructor: 1, toString: 2 });
  });

  test("size, depth and aliases are bounded", () => {
    assert.match(problem(" ".repeat(SIZE_LIMIT + 1)), /larger than 1 MiB/);
    assert.match(problem("[".repeat(DEPTH_LIMIT + 1) + "]".repeat(DEPTH_LIMIT + 1)), /nested deeper than 32/);
    assert.deepEqual(readYaml("[".repeat(DEPTH_LIMIT) + "]".repeat(DEPTH_LIMIT)).problems, []);
    assert.match(problem(`a: &a 1\nb: [${"*a, ".repeat(ALIAS_LIMIT + 1)}]`), /more than 100 aliases/);
    for (const open of ["[", "- ", "{a: ", "? ", "a:\n ", "[{"]) {
      assert.ok(readYaml(open.repeat(50_000)).problems.length > 0, JSON.stringify(open));
    }
  });

  test("aliases of aliases make no mountain", () => {
    const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(10)}]`);
    assert.match(problem(`a0: &a0 [${"x, ".repeat(1000)}]\n${levels.join("\n")}`), /aliases make the file too large/);
    assert.match(problem("a: &a [*a]"), /nest/);
  });

  test("any text is read or refused, and never throws", () => {
    const piece = fc.constantFrom(
      "a: ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      "\n",
      "  ",
      "&x ",
      "*x",
      "'",
      '"',
      "!!int ",
      "---\n",
      "? ",
      "|",
      ",",
      "#",
      "%",
      "\t",
      "é",
      "\u0000",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const yaml = readYaml(pieces.join(""));
        for (const { line, column } of [...yaml.problems, yaml.locate(["a", 0])]) assert.ok(line >= 1 && column >= 1);
      }),
      { numRuns: 2000 },
    );
  });
});
