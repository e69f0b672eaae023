import assert from "node:assert/strict";
import test from "node:test";
import { congestionControl } from "./choose.ts";

test("a name chooses the algorithm", () => {
  for (const name of ["cubic", "newreno"] as const) assert.equal(congestionControl(name).name, name);
});
