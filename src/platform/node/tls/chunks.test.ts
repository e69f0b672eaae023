import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Chunks } from "./chunks.ts";

test("bytes come out in the order in which they went in, however they are read", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("push" as const), count: fc.nat(9) }),
    fc.record({ do: fc.constantFrom("read", "skip", "first", "peek", "take"), count: fc.nat(12) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const chunks = new Chunks();
      let model: number[] = [];
      let next = 0;
      for (const { do: what, count } of steps) {
        if (what === "push") {
          const piece = Uint8Array.from({ length: count }, () => next++ & 255);
          chunks.push(piece);
          model.push(...piece);
        } else if (what === "read") {
          const into = new Uint8Array(count);
          const read = chunks.read(into);
          assert.deepEqual([...into.subarray(0, read)], model.splice(0, count));
        } else if (what === "skip") {
          const some = Math.min(count, chunks.length);
          chunks.skip(some);
          model.splice(0, some);
        } else if (what === "first") {
          const some = Math.min(count, chunks.length);
          assert.deepEqual([...chunks.takeFirst(some)], model.splice(0, some));
        } else {
          assert.deepEqual([...(what === "peek" ? chunks.peek() : chunks.take())], model);
          if (what === "take") model = [];
        }
        assert.equal(chunks.length, model.length);
      }
    }),
  );
});
