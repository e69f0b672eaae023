import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ScriptError } from "../../application/script/scripts.ts";
import { stripTypes } from "./strip-types.ts";

describe("types of a script", () => {
  test("go, and every line stays where it was", async () => {
    const source = `import { type Socket, connectTcp } from "netarium/socket";
interface Greeting {
  readonly text: string;
}
enum Colour { red, green }
const greet = <T extends Greeting>(greeting: T): string => greeting.text!;
console.log(greet({ text: "hello" }) satisfies string, Colour.green);
connectTcp as unknown;
await import("netarium/socket");`;
    const { code, isUnchanged } = await stripTypes(source, "a.ts");
    const lines = code.split("\n");
    assert.equal(lines.length, source.split("\n").length);
    assert.equal(lines[0], 'import { connectTcp } from "netarium/socket";');
    assert.match(lines[5] ?? "", /const greet = \(greeting\) *=> greeting\.text;/);
    assert.equal(lines[8], 'await import("netarium/socket");');
    assert.deepEqual([1, 9].map(isUnchanged), [false, true]);
  });

  test("that are none are told with their place", async () => {
    await assert.rejects(stripTypes("let x = 1;\nlet y: = 2;\n", "a.ts"), (error: ScriptError) => {
      assert.ok(error instanceof ScriptError);
      assert.deepEqual([error.code, error.line], ["syntax", 2]);
      assert.match(error.message, /^a\.ts:2:\d+: SyntaxError: /);
      return true;
    });
  });

  for (const [what, source] of Object.entries({
    "type parameters": "<T>(".repeat(40),
    "type parameters, thousands": "<T>(".repeat(20_000),
    brackets: "(".repeat(50_000),
    templates: "`${".repeat(30_000),
    conditions: `x = ${"a ? (b) : c => (".repeat(5000)}`,
  })) {
    test(`nested without end are refused: ${what}`, async () => {
      await assert.rejects(stripTypes(source, "a.ts"), /SyntaxError/);
    });
  }
});
