/**
 * `node --conditions=netarium:source bench/goodput/ours.ts [--seeds=N] [--save] [WORD…]`: the goodput of our TCP on the cells
 * of cells.ts in simulated time, beside what the kernel reached (kernel-table.json). With `--save` it is written to
 * ours-table.json. With words, only cells whose names have them all.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { CELLS, type Cell, nameOf, SHARED_CELLS } from "./cells.ts";
import { type Comparison, compare, compareFairness, type Goodputs, geometricMean } from "./compare.ts";
import { simulate } from "./simulate.ts";
import { goodputsOf, type KernelTable, OUR_TABLE, type OurTable, TABLE } from "./tables.ts";

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const seeds = Number(process.argv.find((word) => word.startsWith("--seeds="))?.slice(8) ?? 20);
const kernel: KernelTable = JSON.parse(readFileSync(TABLE, "utf8"));

const isWanted = (cell: Cell): boolean => words.every((word) => nameOf(cell).includes(word));
const cells = measure(CELLS.filter(isWanted), 1, goodputsOf(kernel.cells));
const shared = measure(SHARED_CELLS.filter(isWanted), 2, goodputsOf(kernel.shared));
summarize();
if (process.argv.includes("--save")) save();

/** What was measured now takes the place of what the file had; the rest stays. */
function save(): void {
  const before: OurTable = existsSync(OUR_TABLE)
    ? JSON.parse(readFileSync(OUR_TABLE, "utf8"))
    : { cells: {}, shared: {} };
  const sorted = (of: readonly Cell[], goodputs: Goodputs): Goodputs =>
    Object.fromEntries(
      of.map(nameOf).flatMap((name) => (goodputs[name] === undefined ? [] : [[name, goodputs[name]]])),
    );
  const table: OurTable = {
    cells: sorted(CELLS, { ...before.cells, ...cells }),
    shared: sorted(SHARED_CELLS, { ...before.shared, ...shared }),
  };
  const text = JSON.stringify(table, undefined, 1);
  // A run in brackets, and the runs of a cell on one line.
  const runs = text.replace(/\[\s+\[[^{}]*?\]\s+\]/g, (cell) => cell.replace(/\s+/g, ""));
  writeFileSync(OUR_TABLE, `${runs}\n`);
}

function measure(wanted: readonly Cell[], flows: 1 | 2, theirs: Goodputs): Goodputs {
  const measured: Record<string, number[][]> = {};
  for (const cell of wanted) {
    const runs = Array.from({ length: seeds }, (_, index) => simulate(cell, index + 1, { flows }).goodput);
    const name = nameOf(cell);
    measured[name] = runs.map((run) => run.map((goodput) => Number(goodput.toFixed(4))));
    for (const row of flows === 1 ? compare(theirs, { [name]: runs }) : []) console.log(lineOf(row));
    for (const row of flows === 2 ? compareFairness(theirs, { [name]: runs }) : []) {
      console.log(`two flows, ${name}: Jain's index ${row.kernel.toFixed(3)}, ours ${row.ours.toFixed(3)}`);
    }
    if (theirs[name] === undefined) console.log(`${name}: the kernel was not measured`);
  }
  return measured;
}

function lineOf({ cell, kernel, ours, spread, ratio }: Comparison): string {
  const number = (goodput: number, part: number): string =>
    `${goodput.toFixed(3).padStart(7)} ±${(part * 50).toFixed(0).padStart(2)} %`;
  const flag = ratio < 0.85 ? " !!" : ratio < 0.95 ? " !" : "";
  return `${nameOf(cell).padEnd(34)} ${number(kernel, spread[0])}  ${number(ours, spread[1])}  ${ratio.toFixed(3)}${flag}`;
}

function summarize(): void {
  const ratios = compare(goodputsOf(kernel.cells), cells).map(({ ratio }) => ratio);
  if (ratios.length === 0) return;
  const below = ratios.filter((ratio) => ratio < 0.85).length;
  console.log(`geometric mean ${geometricMean(ratios).toFixed(3)} of ${ratios.length} cells, ${below} below 0.85`);
}
