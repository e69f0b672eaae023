import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { add, distance, isAfter, isAtOrAfter, isAtOrBefore, isBefore, later } from "./sequence.ts";

test("order holds across the wrap (RFC 9293 §3.4)", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      (a, count) => {
        const b = add(a, count);
        assert.ok(isBefore(a, b) && isAfter(b, a) && isAtOrBefore(a, b) && isAtOrAfter(b, a));
        assert.ok(isAtOrBefore(a, a) && isAtOrAfter(a, a) && !isBefore(a, a) && !isAfter(a, a));
        assert.equal(distance(b, a), count);
        assert.equal(distance(a, b), -count);
        assert.equal(later(a, b), b);
        assert.equal(later(b, a), b);
      },
    ),
  );
});
