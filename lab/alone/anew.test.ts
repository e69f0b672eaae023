import assert from "node:assert/strict";
import { test } from "node:test";
import { beganAnew } from "./anew.ts";

test("a tab's first page begins, each later one begins anew", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  assert.deepEqual([beganAnew(storage), beganAnew(storage), beganAnew(storage)], [false, true, true]);
});
