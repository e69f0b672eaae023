import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { getopt } from "./getopt.ts";

describe("options of commands", () => {
  const read = (...args: string[]) => {
    const { options, operands, problem } = getopt(args, "klw:");
    return { options: Object.fromEntries(options), operands, problem };
  };

  test("letters stand together, and a value with its letter or behind it", () => {
    const expected = { options: { k: "", l: "", w: "5" }, operands: ["80"], problem: undefined };
    assert.deepEqual(read("-kl", "-w", "5", "80"), expected);
    assert.deepEqual(read("-klw5", "80"), expected);
    assert.deepEqual(read("80", "-klw5"), expected);
  });

  test("-- ends the options, and - is an operand", () => {
    assert.deepEqual(read("-", "--", "-k").operands, ["-", "-k"]);
  });

  test("what is wrong is worded as getopt does", () => {
    assert.equal(read("-x").problem, "invalid option -- 'x'");
    assert.equal(read("-:").problem, "invalid option -- ':'");
    assert.equal(read("-kw").problem, "option requires an argument -- 'w'");
  });
});
