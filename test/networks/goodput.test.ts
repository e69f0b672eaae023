/** Our goodput against the Linux kernel's on the same simulated cable: a part of the tables in docs/tcp.md, in simulated time. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CELLS, type Cell, nameOf, SHARED_CELLS } from "../../bench/goodput/cells.ts";
import { compare, compareFairness, geometricMean } from "../../bench/goodput/compare.ts";
import { simulate } from "../../bench/goodput/simulate.ts";
import { goodputsOf, type KernelTable, TABLE } from "../../bench/goodput/tables.ts";
import { size } from "../size.ts";

/** Of the kernel's, in each cell and in the geometric mean. */
const LEAST = 0.85;
const MEAN = 0.95;
/** By which Jain's index may be below the kernel's. */
const UNFAIRER = 0.02;
/** Cells with little to simulate, and one that needs buffers larger than those a connection begins with; with how many seeds. */
const CHOSEN: Readonly<Record<string, number>> = {
  "10 Mbit/s, 10 ms, 0 %, short": 1,
  "10 Mbit/s, 10 ms, 1 %, deep": 2,
  "10 Mbit/s, 50 ms, 0.1 %, deep": 4,
  "10 Mbit/s, 50 ms, 3 %, short": 8,
  "10 Mbit/s, 200 ms, 0 %, deep": 1,
  "10 Mbit/s, 200 ms, 0.1 %, short": 5,
  "100 Mbit/s, 10 ms, 3 %, short": 3,
  "100 Mbit/s, 50 ms, 1 %, short": 6,
  "100 Mbit/s, 200 ms, 0 %, short": 1,
  "100 Mbit/s, 200 ms, 1 %, deep": 10,
};

const kernel: KernelTable = JSON.parse(readFileSync(TABLE, "utf8"));

/** The goodput of each run, by the cell's name. */
function run(cells: readonly Cell[], flows: number, seedsOf: (cell: Cell) => number) {
  return Object.fromEntries(
    cells.map((cell) => {
      const seeds = Array.from({ length: seedsOf(cell) }, (_, index) => index + 1);
      return [nameOf(cell), seeds.map((seed) => simulate(cell, seed, { flows }).goodput)];
    }),
  );
}

test("our goodput is about the kernel's or more on lines slow and fast, long and lossy", (t) => {
  const cells = CELLS.filter((cell) => size(CHOSEN[nameOf(cell)] ?? 0, 20) > 0);
  const rows = compare(
    goodputsOf(kernel.cells),
    run(cells, 1, (cell) => size(CHOSEN[nameOf(cell)] ?? 0, 20)),
  );
  assert.equal(rows.length, cells.length, "the kernel was measured on each cell");
  for (const { cell, kernel: theirs, ours, ratio } of rows) {
    const said = `${nameOf(cell)}: ${ours.toFixed(3)} of ${theirs.toFixed(3)} Mbit/s, ${(ratio * 100).toFixed(1)} %`;
    t.diagnostic(said);
    assert.ok(ratio >= LEAST, said);
  }
  const mean = geometricMean(rows.map(({ ratio }) => ratio));
  t.diagnostic(`geometric mean ${(mean * 100).toFixed(1)} %`);
  assert.ok(mean >= MEAN);
});

test("two of our flows share a line as fairly as the kernel's two", (t) => {
  const cells = SHARED_CELLS.filter(({ rate }) => size(rate, 0) <= 10);
  const rows = compareFairness(
    goodputsOf(kernel.shared),
    run(cells, 2, () => size(2, 20)),
  );
  assert.equal(rows.length, cells.length, "the kernel was measured on each cell");
  for (const { cell, kernel: theirs, ours } of rows) {
    const said = `${nameOf(cell)}: Jain's index ${ours.toFixed(3)}, the kernel's ${theirs.toFixed(3)}`;
    t.diagnostic(said);
    assert.ok(ours >= theirs - UNFAIRER, said);
  }
});
