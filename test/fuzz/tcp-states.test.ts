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
const HARMFUL: readonly (readonly number[])[] = [
  // A cookie was good for data one to three bytes further on; a cookie that came again made a connection anew.
  [
    2338746055, 243849803, 1230336539, 1239579139, 1230336539, 1677418720, 442359538, 2611111152, 3284386743, 796433553,
    416777208, 4002527592, 2194512692, 787465169, 2569479248, 618806055,
  ],
  // Shut for reading, a connection dropped what had come before instead of what filled a gap.
  [
    651019770, 206638642, 1721857170, 2320059744, 3381799384, 1109594361, 1806438030, 476800144, 3045183367, 3193429579,
    840755762, 579944941, 4212355176, 2418231651, 1754382483, 448763818, 2374473857, 2617581919, 2716640056, 1738120476,
    328660637, 119047439, 50397658, 3328418649, 2618377272, 1287482014, 787395127, 3205689780,
  ],
];

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
