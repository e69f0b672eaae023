import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { httpConformanceReport } from "./report.ts";

test("docs/http-conformance.md is of today: `npm run conformance` writes it", () => {
  const written = readFileSync(new URL("../../docs/http-conformance.md", import.meta.url), "utf8");
  assert.equal(written, httpConformanceReport());
});
