import assert from "node:assert/strict";
import { test } from "node:test";
import { loadHistory, MAX_HISTORY, remembered, saveHistory } from "./history.ts";

function memory(): { getItem(key: string): string | null; setItem(key: string, value: string): void } {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

test("the newest filter is first, and none is there twice", () => {
  assert.deepEqual(remembered(["udp", "tcp"], " tcp "), ["tcp", "udp"]);
  assert.deepEqual(remembered(["udp"], "  "), ["udp"]);
  const many = Array.from({ length: 30 }, (_, i) => `frame.number == ${i}`);
  assert.equal(remembered(many, "tcp").length, MAX_HISTORY);
});

test("what was kept comes back; what is no list is none", () => {
  const keep = memory();
  saveHistory(keep, ["tcp", "udp"]);
  assert.deepEqual(loadHistory(keep), ["tcp", "udp"]);
  keep.setItem("netarium.filters", "{");
  assert.deepEqual(loadHistory(keep), []);
});
