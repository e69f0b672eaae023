import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Random } from "../../base/random.ts";
import { answer, greeting, isQuestion, remark } from "./phrases.ts";

describe("what virtual users say", () => {
  test("every gap is filled, every sentence begins large, and there is variety", () => {
    const random = new Random(1, "phrases");
    const all = new Set<string>();
    for (let i = 0; i < 1000; i++) for (const say of [greeting, remark, answer]) all.add(say(random));
    for (const text of all) assert.match(text, /^[^a-z*][^*]*$/u);
    assert.ok(all.size > 150);
    assert.ok([...all].some(isQuestion) && ![...all].every(isQuestion));
  });

  test("equal seeds say the same", () => {
    const say = (seed: number): string[] => {
      const random = new Random(seed, "phrases");
      return Array.from({ length: 10 }, () => remark(random));
    };
    assert.deepEqual(say(7), say(7));
    assert.notDeepEqual(say(7), say(8));
  });
});
