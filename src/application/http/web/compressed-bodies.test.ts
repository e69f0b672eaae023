import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CompressedBodies } from "./compressed-bodies.ts";

const bytes = (length: number, fill = 1): Uint8Array => new Uint8Array(length).fill(fill);

describe("compressed bodies that are remembered", () => {
  test("are given for the same coding, tag and bytes, and for no others", () => {
    const bodies = new CompressedBodies();
    bodies.put("gzip", '"1"', bytes(100), bytes(10));
    assert.deepEqual(bodies.get("gzip", '"1"', bytes(100)), bytes(10));
    bodies.get("gzip", '"1"', bytes(100))?.fill(9);
    assert.deepEqual(bodies.get("gzip", '"1"', bytes(100)), bytes(10));
    assert.equal(bodies.get("br", '"1"', bytes(100)), undefined);
    assert.equal(bodies.get("gzip", '"2"', bytes(100)), undefined);
    assert.equal(bodies.get("gzip", '"1"', bytes(100, 2)), undefined);
    assert.equal(bodies.get("gzip", '"1"', bytes(99)), undefined);
    bodies.put("gzip", '"1"', bytes(100, 2), bytes(20));
    assert.deepEqual(bodies.get("gzip", '"1"', bytes(100, 2)), bytes(20));
  });

  test("are small, and together bounded; those used least lately go", () => {
    const bodies = new CompressedBodies();
    bodies.put("gzip", '"large"', bytes(65_537), bytes(1));
    assert.equal(bodies.get("gzip", '"large"', bytes(65_537)), undefined);
    const count = 2 * Math.floor((16 * 2 ** 20) / 65_536);
    for (let at = 0; at < count; at++) {
      bodies.put("gzip", `"${at}"`, bytes(65_436), bytes(100));
      assert.ok(bodies.get("gzip", '"0"', bytes(65_436)), `after ${at}`);
    }
    assert.equal(bodies.get("gzip", '"1"', bytes(65_436)), undefined);
    assert.ok(bodies.get("gzip", `"${count - 1}"`, bytes(65_436)));
  });
});
