import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeLatin1, encodeLatin1, useNativeLatin1, writeLatin1 } from "../../base/latin1.ts";
import { plugLatin1 } from "./latin1.ts";

test("Node's way and ours give the same", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.nat(5), (bytes, start) => {
      const from = Math.min(start, bytes.length);
      useNativeLatin1(undefined);
      const text = decodeLatin1(bytes, from);
      const octets = encodeLatin1(text);
      plugLatin1();
      assert.equal(decodeLatin1(bytes, from), text);
      assert.deepEqual(encodeLatin1(text), octets);
      assert.deepEqual(octets, bytes.slice(from));
      assert.throws(() => writeLatin1(`${text}x`, new Uint8Array(text.length), 0), RangeError);
      assert.deepEqual(encodeLatin1("\u0141".repeat(start * 10)), new Uint8Array(start * 10).fill(0x41));
    }),
  );
});
