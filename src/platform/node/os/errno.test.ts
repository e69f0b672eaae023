import assert from "node:assert/strict";
import { test } from "node:test";
import { errnoOf } from "./errno.ts";

test("Node's errors are told by the errno's name, its own codes by the one they stand for", () => {
  assert.equal(errnoOf({ code: "ECONNREFUSED" }), "ECONNREFUSED");
  assert.equal(errnoOf({ code: "ERR_STREAM_DESTROYED" }), "EPIPE");
  assert.equal(errnoOf({ code: "ENFILE" }), "EMFILE");
  for (const unknown of [{ code: "ERR_WHATEVER" }, { code: "toString" }, { code: 1 }, {}, undefined, "x"]) {
    assert.equal(errnoOf(unknown), "EIO");
  }
});
