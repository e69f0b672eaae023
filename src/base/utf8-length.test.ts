import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { size } from "../../test/size.ts";
import { utf8Length } from "./utf8-length.ts";

test("the length of a text in UTF-8 is counted as it is encoded", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, cut) => {
      const given = cut ? text.slice(1, -1) : text; // cutting may leave half of a pair
      assert.equal(utf8Length(given), new TextEncoder().encode(given).length);
    }),
    { numRuns: size(500, 20_000) },
  );
});
