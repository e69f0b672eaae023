import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mask } from "./mask.ts";

test("masks byte i with key byte i modulo 4 (RFC 6455 §5.3), wherever the range lies, and touches nothing else", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 300, maxLength: 300 }),
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.nat(9),
      fc.nat(280),
      fc.nat(7),
      (memory, key, from, length, phase) => {
        const expected = memory.slice();
        for (let i = 0; i < length; i++)
          expected[5 + from + i] = (expected[5 + from + i] as number) ^ (key[(phase + i) % 4] as number);
        mask(memory.subarray(5), from, from + length, key, phase);
        assert.deepEqual(memory, expected);
      },
    ),
  );
});
