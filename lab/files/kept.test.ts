import assert from "node:assert/strict";
import { test } from "node:test";
import { forget, keep, lost } from "./kept.ts";

function place() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}
const KEPT = { file: "net.yaml", text: "edited", at: 5, engine: "e1" };

test("what was edited is offered once another engine has the file as it was", () => {
  const storage = place();
  keep(storage, KEPT);
  assert.equal(lost(storage, "net.yaml", "e1", "first"), undefined, "the engine still has it");
  assert.deepEqual(lost(storage, "net.yaml", "e2", "first"), KEPT);
  assert.equal(lost(storage, "net.yaml", "e2", "edited"), undefined, "it was saved");
  assert.equal(lost(storage, "other.yaml", "e2", "first"), undefined);
  forget(storage, "net.yaml");
  assert.equal(lost(storage, "net.yaml", "e2", "first"), undefined);
});

test("a storage that refuses, or holds something else, does no harm", () => {
  const storage = place();
  storage.setItem("netarium-kept:net.yaml", "{");
  assert.equal(lost(storage, "net.yaml", "e2", "first"), undefined);
  const full = { ...place(), setItem: () => assert.fail("no room") };
  keep(full, KEPT);
});
