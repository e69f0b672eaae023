import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { concatenate } from "./concatenate.ts";

const of = (...octets: number[]): Uint8Array => Uint8Array.from(octets);

describe("concatenating bytes", () => {
  test("keeps their order, and needs none", () => {
    assert.deepEqual(concatenate([of(1, 2), of(), of(3)]), of(1, 2, 3));
    assert.deepEqual(concatenate([]), of());
  });

  test("copies no single piece", () => {
    const only = of(1, 2);
    assert.equal(concatenate([only]), only);
  });
});
