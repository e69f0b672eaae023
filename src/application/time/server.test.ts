import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTime } from "./server.ts";

test("the time is written in UTC, to the second", () => {
  assert.equal(formatTime(new Date(Date.UTC(2026, 0, 1))), "2026-01-01 00:00:00 UTC");
  assert.equal(formatTime(new Date(Date.UTC(2026, 11, 31, 23, 59, 59, 999))), "2026-12-31 23:59:59 UTC");
});
