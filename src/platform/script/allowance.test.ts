import assert from "node:assert/strict";
import test from "node:test";
import { Allowance } from "./allowance.ts";

test("what was taken comes again with time, up to what may be taken at once", () => {
  const allowance = new Allowance(10, 2);
  assert.equal(allowance.take(0, 8), true);
  assert.equal(allowance.take(0, 3), false, "only two are left");
  assert.equal(allowance.left(499_999_999), 2, "the next has not come");
  assert.equal(allowance.left(500_000_000), 3);
  assert.equal(allowance.left(100e9), 10);
});
