import assert from "node:assert/strict";
import { test } from "node:test";
import { listOf, oneOrList, parameterOf, shownParameter } from "./values.ts";

test("addresses are typed with commas or spaces between", () => {
  assert.deepEqual(listOf(" 10.0.0.1/24,  10.0.0.2/24 "), ["10.0.0.1/24", "10.0.0.2/24"]);
  assert.equal(oneOrList("10.0.0.1/24"), "10.0.0.1/24");
  assert.equal(oneOrList("  "), null);
});

test("parameters are typed as they are shown, and are of their type where that can be", () => {
  assert.equal(parameterOf("port", "80"), 80);
  assert.equal(parameterOf("port", "eighty"), "eighty", "what is wrong is for the engine to say");
  assert.equal(parameterOf("boolean", "true"), true);
  assert.deepEqual(parameterOf("texts", "one\ntwo words"), ["one", "two words"]);
  assert.equal(shownParameter(["one", "two words"]), "one\ntwo words");
  assert.equal(shownParameter(undefined), "");
  assert.equal(shownParameter({ a: 1 }), '{"a":1}');
});
