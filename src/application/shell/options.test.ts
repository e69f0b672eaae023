import assert from "node:assert/strict";
import test from "node:test";
import { readNumber, readOptions } from "./options.ts";

function read(args: string, short: string, long = {}): unknown {
  const options = readOptions(args.split(" "), short, long);
  return typeof options === "string" ? options : [Object.fromEntries(options.given), options.operands];
}

test("options stand anywhere, together or apart, with their arguments beside or behind them", () => {
  assert.deepEqual(read("-nc 3 host -q", "c:nq"), [{ n: "", c: "3", q: "" }, ["host"]]);
  assert.deepEqual(read("-c3 host", "c:n"), [{ c: "3" }, ["host"]]);
  assert.deepEqual(read("-n -- -c -", "c:n"), [{ n: "" }, ["-c", "-"]]);
  assert.deepEqual(read("--numeric -", "n", { numeric: "n" }), [{ n: "" }, ["-"]]);
});

test("what is no option is told in getopt's words", () => {
  assert.equal(read("-nx", "n"), "invalid option -- 'x'");
  assert.equal(read("-:", "c:"), "invalid option -- ':'");
  assert.equal(read("-c", "c:"), "option requires an argument -- 'c'");
  assert.equal(read("--toString", "n", { numeric: "n" }), "unrecognized option '--toString'");
});

test("a number is decimal and within bounds", () => {
  assert.deepEqual(
    ["7", "0.5", "8", "-1", "1e1", "", "0x1", " 1"].map((text) => readNumber(text, 0, 7)),
    [7, 0.5, undefined, undefined, undefined, undefined, undefined, undefined],
  );
});
