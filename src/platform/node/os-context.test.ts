import assert from "node:assert/strict";
import { test } from "node:test";
import { NameError } from "../../socket/names.ts";
import { osContext } from "./os-context.ts";
import { OsRandom } from "./os-random.ts";

test("the operating system's names are the system's: localhost is loopback, and an invalid name is not found", async () => {
  const { names, signal } = osContext({ signal: new AbortController().signal });
  assert.deepEqual(await names.lookup("localhost", { signal }), ["127.0.0.1"]);
  assert.deepEqual(await names.lookup("192.0.2.7"), ["192.0.2.7"]);
  await assert.rejects(names.lookup("a..b"), (error) => error instanceof NameError && error.hostname === "a..b");
  await assert.rejects(names.lookup("localhost", { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
});

test("the operating system's chance never repeats, and every number is within its bounds", () => {
  const drawn = new Set(Array.from({ length: 3000 }, () => new OsRandom().stream().real()));
  assert.equal(drawn.size, 3000);
  assert.ok([...drawn].every((each) => each >= 0 && each < 1));
});
