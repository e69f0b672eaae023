import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_PORTS, parseLabPort } from "./lab-options.ts";

test("--port is the page's, or a door's by its name", () => {
  const both = parseLabPort("join=9999", parseLabPort("4700", NO_PORTS));
  assert.deepEqual(both, { page: 4700, doors: new Map([["join", 9999]]) });
  assert.equal(parseLabPort("0", NO_PORTS).page, 0);
  for (const bad of ["", "x", "65536", "-1", "1.5", "join=", "=1"]) {
    assert.throws(() => parseLabPort(bad, NO_PORTS), bad);
  }
});
