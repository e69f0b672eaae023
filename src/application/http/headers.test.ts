import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { size } from "../../../test/size.ts";
import { Headers } from "./headers.ts";

const platform = globalThis.Headers;

const name = fc.oneof(
  fc.constantFrom("a", "A", "Set-Cookie", "set-cookie", "X-Y", "content-type", "host", "", "a b", "ä"),
  fc.string({ maxLength: 3 }),
);
const value = fc.oneof(
  fc.constantFrom("", " x ", "a, b", "a\nb", "\0", "ÿ", "Ā", "\t\r\n"),
  fc.string({ maxLength: 5 }),
);
const step = fc.oneof(
  fc.record({ call: fc.constantFrom("append" as const, "set" as const), name, value }),
  fc.record({ call: fc.constantFrom("delete" as const, "get" as const, "has" as const), name, value: fc.constant("") }),
);

/** What a call gives, or the kind of its error. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return (error as Error).name;
  }
}

test("any series of calls gives what the platform's Headers give", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const ours = new Headers();
      const theirs = new platform();
      for (const { call, name, value } of steps) {
        const [a, b] = [ours, theirs].map((headers) => outcome(() => headers[call](name, value)));
        assert.deepEqual(a, b, `${call} ${JSON.stringify(name)} ${JSON.stringify(value)}`);
      }
      assert.deepEqual([...ours], [...theirs]);
      assert.deepEqual([...ours.keys()], [...theirs.keys()]);
      assert.deepEqual([...ours.values()], [...theirs.values()]);
      assert.deepEqual(ours.getSetCookie(), theirs.getSetCookie());
    }),
    { numRuns: size(300, 20_000) },
  );
});

test("headers are made from pairs, records and headers", () => {
  const pairs = new Headers([
    ["A", "1"],
    ["a", "2"],
  ]);
  assert.equal(pairs.get("a"), "1, 2");
  assert.equal(new Headers({ A: "1" }).get("a"), "1");
  const copy = new Headers(pairs);
  copy.set("A", "3");
  assert.equal(pairs.get("a"), "1, 2");
  assert.equal(copy.get("a"), "3");
  assert.deepEqual(
    [...pairs.raw()],
    [
      ["A", "1"],
      ["a", "2"],
    ],
  );
});
