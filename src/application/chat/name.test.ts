import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { cleanName, NAME_LENGTH, nameKey } from "./name.ts";

describe("names", () => {
  test("letters of any script, digits and _ - . stay", () => {
    for (const name of ["ada", "Grace_H.", "x-1", "Łukasz", "小明", "नमस्ते"]) assert.equal(cleanName(name), name);
  });

  test("everything else is taken out", () => {
    assert.equal(cleanName(" a d\ta:\x1b[1m* "), "ada1m");
    assert.equal(cleanName("\u202eada\u200b"), "ada");
    assert.equal(cleanName("z\u0301\u0302\u0303\u0304\u0305"), "ź\u0302\u0303");
  });

  test("nothing but marks and signs is no name", () => {
    for (const wish of ["", " ", "...", "\u0301", "🙂", "*", "\u3164", "\u115f"])
      assert.equal(cleanName(wish), undefined);
  });

  test("a long one is cut between characters", () => {
    assert.equal(cleanName("𝒳".repeat(30))?.length, NAME_LENGTH);
    assert.equal(cleanName("a".repeat(30)), "a".repeat(NAME_LENGTH));
  });

  test("names that look the same have the same key", () => {
    assert.equal(nameKey("ADA"), nameKey("ada"));
    assert.equal(nameKey("u\u0308"), nameKey("ü"));
    assert.equal(nameKey("ａｄａ"), nameKey("ada"));
  });

  test("cleaning a clean name changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (wish) => {
        const name = cleanName(wish);
        if (name !== undefined) assert.equal(cleanName(name), name);
      }),
    );
  });
});
