/** What llhttp makes of its own cases, our parser makes of them too, but for the disagreements that are listed. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { DISAGREEMENTS } from "./disagreements.ts";
import {
  inputOf,
  type LlhttpCase,
  llhttpCases,
  optionsOf,
  theirReading,
  titleOf,
  withHost,
  withoutHost,
} from "./llhttp.ts";
import { type Reading, read } from "./messages.ts";

/** Codes are ours alone: that there is a fault is compared. */
const comparable = ({ messages, error }: Reading) => ({ messages, error: error !== undefined });
const agree = (a: Reading, b: Reading): boolean => isDeepStrictEqual(comparable(a), comparable(b));

function casesOr(t: TestContext): readonly LlhttpCase[] | undefined {
  const cases = llhttpCases();
  if (cases === undefined) t.skip("needs ../shared/oracles/llhttp-half.json beside the repository");
  return cases;
}

describe("llhttp's cases", () => {
  test("are read as llhttp reads them, but for the listed disagreements", (t) => {
    const cases = casesOr(t);
    if (cases === undefined) return;
    const found = cases.filter((each) => !agree(read(inputOf(each), optionsOf(each)), theirReading(each)));
    const listed = DISAGREEMENTS.flatMap((each) => each.cases);
    assert.deepEqual(found.map(titleOf).sort(), [...listed].sort());
    assert.ok(cases.length - found.length > 50, "most agree as they stand");
  });

  test("agree when a Host is put in, where the missing one is all that is wrong", (t) => {
    const cases = casesOr(t);
    if (cases === undefined) return;
    const without = new Set(DISAGREEMENTS.filter(({ host }) => host).flatMap((each) => each.cases));
    for (const each of cases.filter((each) => without.has(titleOf(each)))) {
      const ours = withoutHost(read(withHost(inputOf(each)), optionsOf(each)));
      assert.deepEqual(comparable(ours), comparable(theirReading(each)), titleOf(each));
    }
  });

  test("are read the same when they are cut at any octet", (t) => {
    const cases = casesOr(t);
    if (cases === undefined) return;
    for (const each of cases) {
      for (const input of [inputOf(each), withHost(inputOf(each))]) {
        const whole = read(input, optionsOf(each));
        for (let cut = 1; cut < input.length; cut++) {
          assert.deepEqual(read(input, { ...optionsOf(each), cuts: [cut] }), whole, `${titleOf(each)} cut at ${cut}`);
        }
        const all = Array.from({ length: input.length }, (_, at) => at);
        assert.deepEqual(read(input, { ...optionsOf(each), cuts: all }), whole, titleOf(each));
      }
    }
  });
});

test("every disagreement cites what it rests on", () => {
  for (const { clause, why } of DISAGREEMENTS) {
    assert.match(clause, /^RFC \d+ §/);
    assert.ok(why.length > 20);
  }
});
