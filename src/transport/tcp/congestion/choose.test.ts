import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../../../base/random.ts";
import { CONGESTION_CONTROLS, congestionControl } from "./choose.ts";

test("a name chooses the algorithm (RFC 9293 §3.8.2, MAY-18)", () => {
  for (const name of CONGESTION_CONTROLS) assert.equal(congestionControl(name, new Random(1)).name, name);
});
