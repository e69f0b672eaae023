import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { WindowedMax } from "./windowed-max.ts";

test("it is the largest of the last rounds, whatever comes", () => {
  const step = fc.record({ rounds: fc.nat(7), value: fc.nat(100) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step), (window, steps) => {
      const filter = new WindowedMax(window);
      const seen: [round: number, value: number][] = [];
      let round = 0;
      for (const { rounds, value } of steps) {
        round += rounds;
        seen.push([round, value]);
        filter.add(round, value);
        const recent = seen.filter(([at]) => at > round - window).map(([, what]) => what);
        assert.equal(filter.value, Math.max(...recent));
      }
    }),
  );
});
