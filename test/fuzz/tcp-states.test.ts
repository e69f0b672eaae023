/**
 * Random interleavings of what users, network and time do to TCPs: whatever happens, nothing is thrown or leaks, streams
 * arrive as they were written, and all comes to its end.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../../src/base/random.ts";
import { isLong } from "../size.ts";
import { Carried } from "./tcp/carried.ts";
import { runProgram } from "./tcp/machine.ts";
import { Search } from "./tcp/search.ts";

/** Without the long run, so many programs; with it, for so long. */
const PROGRAMS = 300;
const MINUTES = 5;

/** Programs that did harm once. */
const HARMFUL: readonly (readonly number[])[] = [];

test("programs that did harm once do none", () => {
  const carried = new Carried();
  for (const program of HARMFUL) runProgram(program, carried);
});

test("no interleaving of calls, segments and time does harm", (context) => {
  const carried = new Carried();
  const search = new Search(new Random(1, "states"), (program) => runProgram(program, carried));
  const end = process.cpuUsage().user + MINUTES * 60e6;
  let programs = 0;
  while (isLong() ? process.cpuUsage().user < end : programs < PROGRAMS) {
    search.next();
    programs++;
  }
  context.diagnostic(`${programs} programs met ${search.met} situations; ${search.kept} met a new one`);
  assert.ok(search.met > (isLong() ? 10_000 : 500), `${search.met} situations`);
});
