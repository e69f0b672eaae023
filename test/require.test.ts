import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { requireRoot, requireTool } from "./require.ts";
import { size } from "./size.ts";

describe("what a test needs of the machine", () => {
  const kept = { ...process.env };
  let skipped: (string | undefined)[] = [];
  const t = { skip: (reason?: string): void => void skipped.push(reason) };

  beforeEach(() => {
    skipped = [];
    delete process.env.NETARIUM_REQUIRE_ALL;
    delete process.env.NETARIUM_LONG;
  });

  afterEach(() => {
    process.env = { ...kept };
  });

  test("a program that is there lets the test go on", () => {
    assert.equal(requireTool(t, "sh", "ls"), true);
    assert.deepEqual(skipped, []);
  });

  test("a missing program skips the test and names its package", () => {
    process.env.PATH = "";
    assert.equal(requireTool(t, "arping-of-nowhere"), false);
    assert.deepEqual(skipped, ["needs arping-of-nowhere: apt-get install arping-of-nowhere"]);
  });

  test("a missing program fails the test where everything is required", () => {
    process.env.NETARIUM_REQUIRE_ALL = "1";
    assert.throws(() => requireTool(t, "arping-of-nowhere"), /NETARIUM_REQUIRE_ALL=1/);
    assert.deepEqual(skipped, []);
  });

  test("root is asked for in the same way", () => {
    const allowed = requireRoot(t);
    assert.equal(skipped.length, allowed ? 0 : 1);
  });

  test("a long run takes the second size", () => {
    assert.equal(size(10, 1000), 10);
    process.env.NETARIUM_LONG = "1";
    assert.equal(size(10, 1000), 1000);
  });
});
