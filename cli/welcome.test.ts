import assert from "node:assert/strict";
import { test } from "node:test";
import { fillWelcome } from "./welcome.ts";

test("a welcome says where doors really are, and leaves alone what is no door", () => {
  const places = new Map([
    ["join", "127.0.0.1:9999"],
    ["other", undefined],
  ]);
  assert.equal(fillWelcome("nc {join.address} {join.port}\n", places), "nc 127.0.0.1 9999");
  assert.equal(fillWelcome("{join.name} {}", places), "{join.name} {}");
  assert.equal(fillWelcome("{nobody.port}", places), "{nobody.port}");
  assert.equal(fillWelcome("a\nb {other.port}\nc\n", places), "a\nc", "of a door that is shut nothing is said");
});
