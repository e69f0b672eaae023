import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseArguments } from "./arguments.ts";
import type { CurlConfig } from "./config.ts";
import { LETTERS, NOT_HERE, OPTIONS } from "./options.ts";

function configs(...argv: string[]): readonly CurlConfig[] {
  const parsed = parseArguments(argv);
  assert.ok(parsed.kind === "transfers", JSON.stringify(parsed));
  return parsed.configs;
}
const config = (...argv: string[]): CurlConfig => configs(...argv, "http://x/")[0] as CurlConfig;
function fault(...argv: string[]): string {
  const parsed = parseArguments(argv);
  return parsed.kind === "fault" ? parsed.message : assert.fail(JSON.stringify(parsed));
}

describe("the command line of curl", () => {
  test("takes letters together, and a value after its letter or as the next word", () => {
    const { silent, include, method, data, outputs } = config("-siXPUT", "-d", "a", "-db", "-o", "-");
    assert.deepEqual([silent, include, method], [true, true, "PUT"]);
    assert.deepEqual(data, [
      { kind: "data", text: "a" },
      { kind: "data", text: "b" },
    ]);
    assert.deepEqual(outputs, [{ kind: "file", path: "-" }]);
  });

  test("takes long names, shortened while they are clear, and switches off by --no-", () => {
    assert.equal(config("--inclu").include, true);
    assert.equal(config("--location", "--no-location").location, false);
    assert.equal(config("--no-clobber").noClobber, true);
    assert.equal(config("--fail", "--fail-with-body").fail, false);
    assert.match(fault("--loc-", "x"), /is unknown/);
    assert.match(fault("--data-", "x"), /is ambiguous/);
    assert.match(fault("--proxy-", "x"), /is ambiguous/);
  });

  test("takes what follows -- for URLs, and - for one", () => {
    assert.deepEqual(configs("--", "-s", "-")[0]?.urls, ["-s", "-"]);
  });

  test("begins anew after --next", () => {
    const [first, second] = configs("-d", "a", "-s", "http://x/", "--next", "http://y/");
    assert.deepEqual([first?.data.length, second?.data.length, second?.silent], [1, 0, true]);
    assert.match(fault("--next", "http://y/"), /missing URL before --next/);
  });

  test("says what is wrong with an option", () => {
    assert.match(fault("--nothing", "x"), /option --nothing: is unknown/);
    assert.match(fault("-?", "x"), /option -\?: is unknown/);
    assert.match(fault("http://x/", "-o"), /option -o: requires parameter/);
    assert.match(fault("-m", "x", "u"), /expected a proper numerical parameter/);
    assert.match(fault("-m", "-1", "u"), /expected a positive numerical parameter/);
    assert.match(fault("--max-redirs", "-2", "u"), /expected a positive numerical parameter/);
    assert.match(fault("--no-output", "u"), /isn't a boolean/);
    assert.match(fault("--http3", "u"), /doesn't support this/);
    assert.match(fault("-s"), /no URL specified/);
    assert.match(fault("-I", "-d", "x", "u"), /You can only select one HTTP request method/);
    assert.match(fault("-F", "x", "u"), /badly used here/);
  });

  test("tells help and version from transfers", () => {
    assert.equal(parseArguments(["-h"]).kind, "help");
    assert.equal(parseArguments(["--version"]).kind, "version");
  });

  test("names no option twice, and every letter an option", () => {
    for (const name of NOT_HERE) assert.ok(!OPTIONS.has(name), name);
    for (const name of Object.values(LETTERS)) {
      assert.ok(OPTIONS.has(name.replace(/^no-/, "")) || ["next", "help", "version"].includes(name), name);
    }
  });

  test("never throws, whatever it is given", () => {
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom(...OPTIONS.keys()).map((name) => `--${name}`),
      fc.constant("-"),
    );
    fc.assert(fc.property(fc.array(words), (argv) => parseArguments(argv).kind !== undefined));
  });
});
