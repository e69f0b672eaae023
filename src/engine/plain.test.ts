import assert from "node:assert/strict";
import { test } from "node:test";
import { plain } from "./plain.ts";

test("what is plain is as JSON carries it", () => {
  const value = {
    bytes: new Uint8Array([1, 2]),
    rate: Number.POSITIVE_INFINITY,
    count: 2n ** 60n,
    drops: new Map([["no-route", 1]]),
    names: new Set(["a"]),
    missing: undefined,
    list: [{ inner: null, yes: true, text: "t" }],
  };
  const made = plain(value);
  assert.deepEqual(made, {
    bytes: "AQI=",
    rate: null,
    count: "1152921504606846976",
    drops: { "no-route": 1 },
    names: ["a"],
    list: [{ inner: null, yes: true, text: "t" }],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(made)), made);
});
