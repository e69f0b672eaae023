import assert from "node:assert/strict";
import { test } from "node:test";
import { runInThisContext } from "node:vm";
import { literal } from "./literal.ts";

const again = (value: unknown): unknown => runInThisContext(`(${literal(value)})`);

test("plain data is the same again, with what JSON lacks", () => {
  const data = {
    rate: Number.POSITIVE_INFINITY,
    seed: undefined,
    none: null,
    text: '\u2028 " \\ </script>\n',
    list: [1.5, -0, Number.NaN, true, []],
  };
  assert.deepEqual(again(data), data);
  const named = again(JSON.parse('{ "__proto__": { "polluted": 1 }, "a b": 2 }')) as object;
  assert.deepEqual(Object.keys(named), ["__proto__", "a b"]);
});

test("what is no plain data is not written", () => {
  const endless: unknown[] = [];
  endless.push(endless);
  for (const other of [new Map(), [() => 1], { at: new Date(0) }, 1n, new Uint8Array(1), endless]) {
    assert.equal(literal(other), undefined);
  }
});
