import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFor, parsePermission, parsePort, parseSeed, parseSpeed } from "./run-options.ts";

test("options are read as people write them", () => {
  assert.equal(parseSeed("42"), 42);
  assert.equal(parseFor("1h30m"), 5400e9);
  assert.deepEqual(["max", "1", "0.5", "10x"].map(parseSpeed), ["max", 1, 0.5, 10]);
  assert.deepEqual([...parsePermission("tunnel", parsePermission("publish", new Set()))], ["publish", "tunnel"]);
  assert.deepEqual(
    [...parsePort("time=0", parsePort("chat=9999", new Map()))],
    [
      ["chat", 9999],
      ["time", 0],
    ],
  );
});

test("what is not one is refused with what is right", () => {
  for (const bad of ["-1", "1.5", "x", "", "1e3", "99999999999999999"])
    assert.throws(() => parseSeed(bad), /whole number/, bad);
  for (const bad of ["10", "0s", "soon", ""]) assert.throws(() => parseFor(bad), /written as "10s"/, bad);
  for (const bad of ["0", "-1", "fast", "", "Infinity"]) assert.throws(() => parseSpeed(bad), /or "max"/, bad);
  assert.throws(() => parsePermission("all", new Set()), /publish or tunnel/);
  for (const bad of ["8888", "=1", "chat=", "chat=65536", "chat=x"])
    assert.throws(() => parsePort(bad, new Map()), /chat=9999/, bad);
});
