import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Matches } from "./matches.ts";

test("numbers that were added are found again, by index and by number", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(2000), { maxLength: 1000 }), fc.nat(2001), (numbers, wanted) => {
      const sorted = numbers.sort((a, b) => a - b);
      const matches = new Matches();
      for (const number of sorted) matches.add(number);
      assert.deepEqual(
        sorted.map((_, index) => matches.at(index)),
        sorted,
      );
      assert.equal(matches.at(sorted.length), undefined);
      const index = sorted.findIndex((number) => number >= wanted);
      assert.equal(matches.indexFrom(wanted), index < 0 ? sorted.length : index);
    }),
  );
});
