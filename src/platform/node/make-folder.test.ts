import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../test/support/cli.ts";
import { makeFolder } from "./make-folder.ts";

test("folders are made down to the one that is wanted, which may be there already", (t) => {
  const path = join(temporaryFolder(t), "a/b/c");
  makeFolder(path, 0o700);
  makeFolder(path);
  assert.equal(statSync(path).mode & 0o777, 0o700);
});

test("where none can be made that is an error, and has an end", { skip: process.platform !== "linux" }, () => {
  assert.throws(() => makeFolder("/proc/netarium/a"), { code: "ENOENT" });
});
