import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Waiters } from "./waiters.ts";

test("waiters are taken in the order in which they came, each once, as from a set", () => {
  const functions = Array.from({ length: 4 }, () => () => {});
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 60 }), (steps) => {
      const waiters = new Waiters();
      const model = new Set<() => void>();
      for (const step of steps) {
        if (step >= 0) {
          waiters.add(functions[step] as () => void);
          model.add(functions[step] as () => void);
        } else if (model.size > 0) {
          const [first] = model;
          model.delete(first as () => void);
          assert.equal(waiters.shift(), first);
        }
        assert.equal(waiters.size, model.size);
      }
    }),
  );
});
