import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { CurlError } from "./curl-error.ts";
import { expandGlob, fillGlob } from "./glob.ts";

const urls = (pattern: string): string[] => expandGlob(pattern).map(({ url }) => url);

describe("a pattern of URLs", () => {
  test("is each choice in braces and each of a range, in order", () => {
    assert.deepEqual(urls("x/{a,b}/[1-3]"), ["x/a/1", "x/a/2", "x/a/3", "x/b/1", "x/b/2", "x/b/3"]);
    assert.deepEqual(urls("[08-12:2]"), ["08", "10", "12"]);
    assert.deepEqual(urls("[a-e:2]"), ["a", "c", "e"]);
    assert.deepEqual(urls("http://[::1]/{x}"), ["http://[::1]/x"]);
    assert.deepEqual(urls("\\{a\\}\\b"), ["{a}\\b"]);
    assert.deepEqual(urls("plain"), ["plain"]);
  });

  test("fills the names of files", () => {
    const [first] = expandGlob("{a,b}-[1-2]");
    assert.equal(fillGlob("out_#2_#1_#3", first?.parts ?? []), "out_1_a_#3");
  });

  test("that is broken is refused with curl's code, and never throws otherwise", () => {
    for (const bad of ["{a", "[1-", "[3-1]", "a}", "]", "{}", "[1-9:0]", "[1-99999999]"]) {
      assert.throws(
        () => expandGlob(bad),
        (error) => error instanceof CurlError && error.exit === 3,
        bad,
      );
    }
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("{", "}", "[", "]", "-", ",", "1", "9", "a", "\\", ":") }),
        (text) => {
          try {
            expandGlob(text);
          } catch (error) {
            assert.ok(error instanceof CurlError);
          }
        },
      ),
    );
  });
});
