import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublicSuffix } from "./public-suffixes.ts";

test("names under which anybody may have one are public, and those of one owner are not", () => {
  for (const domain of ["com", "co.uk", "github.io", "test"]) assert.ok(isPublicSuffix(domain), domain);
  for (const domain of ["example.com", "example.co.uk", "a.b.example.com", "shop.test"]) {
    assert.ok(!isPublicSuffix(domain), domain);
  }
});
