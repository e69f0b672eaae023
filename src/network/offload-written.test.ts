import assert from "node:assert/strict";
import test from "node:test";
import { offloadOf } from "./offload-written.ts";

test("offload is written as all, none, or some by name; segmentation brings the checksum with it", () => {
  assert.deepEqual(offloadOf(true), { checksum: true, segmentation: true, coalescing: true });
  assert.deepEqual(offloadOf(false), { checksum: false, segmentation: false, coalescing: false });
  assert.deepEqual(offloadOf(["segmentation"]), { checksum: true, segmentation: true, coalescing: false });
  assert.deepEqual(offloadOf(["coalescing"]), { checksum: false, segmentation: false, coalescing: true });
  assert.deepEqual(offloadOf(["checksum"]), { checksum: true, segmentation: false, coalescing: false });
});
