/**
 * `node --conditions=netarium:source bench/goodput/kernel.ts [--seeds=N] [--parallel=N] [WORD…]`: measures the goodput of
 * the Linux kernel's TCP on the cells of cells.ts, through two tunnels, and writes kernel-table.json after every run. What
 * is measured already is left out, so it may be stopped by Ctrl-C and started again. With words, only cells whose names have them
 * all. Needs root.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { CELLS, type Cell, cornersOf, nameOf, SHARED_CELLS } from "./cells.ts";
import { runKernel } from "./kernel-run.ts";
import { type KernelRun, type KernelTable, TABLE } from "./tables.ts";

/**
 * A run is repeated when one frame of a hundred was later than the first, in milliseconds, or one of a thousand than the
 * second: then the machine was too busy, or stood still.
 */
const LATE_LIMITS = [1, 50] as const;
const TRIES = 3;
/** What runs at once may carry together, Mbit/s. */
const RATE_LIMIT = 150;

interface Job {
  readonly cell: Cell;
  readonly seed: number;
  readonly flows: 1 | 2;
}

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const option = (name: string, otherwise: number): number =>
  Number(process.argv.find((word) => word.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise);
const table: KernelTable = existsSync(TABLE)
  ? JSON.parse(readFileSync(TABLE, "utf8"))
  : { kernel: "", processor: "", settings: {}, cells: {}, shared: {} };
const jobs = jobsLeft(option("seeds", 5));
const running = new Map<Job, Promise<void>>();
let stopping = false;
process.setMaxListeners(0); // each namespace has one
process.on("SIGINT", () => {
  stopping = true;
});

table.kernel = `Linux ${release()}`;
table.processor = `${cpus().length} × ${cpus()[0]?.model}`;
while ((jobs.length > 0 && !stopping) || running.size > 0) {
  for (let job = stopping ? undefined : nextJob(); job !== undefined; job = nextJob()) {
    const started = job;
    const done = measure(started)
      .catch((error: Error) => console.error(`${nameOf(started.cell)}: ${error.message}`))
      .finally(() => running.delete(started));
    running.set(started, done);
  }
  await Promise.race(running.values());
}

/** Corners first; then a seed of each cell before the next seed of any. */
function jobsLeft(seeds: number): Job[] {
  const all: Job[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    all.push(...CELLS.map((cell) => ({ cell, seed, flows: 1 as const })));
    all.push(...SHARED_CELLS.map((cell) => ({ cell, seed, flows: 2 as const })));
  }
  const isMeasured = ({ cell, seed, flows }: Job): boolean =>
    runsOf(flows, cell).some((run) => run.seed === seed && isTrue(run));
  const isWanted = ({ cell }: Job): boolean => words.every((word) => nameOf(cell).includes(word));
  return all
    .filter((job) => isWanted(job) && !isMeasured(job))
    .sort((one, other) => one.seed - other.seed || cornersOf(other.cell) - cornersOf(one.cell));
}

function isTrue({ late: [, p99, p999] }: KernelRun): boolean {
  return p99 <= LATE_LIMITS[0] && p999 <= LATE_LIMITS[1];
}

function runsOf(flows: 1 | 2, cell: Cell): KernelRun[] {
  const runs = flows === 1 ? table.cells : table.shared;
  runs[nameOf(cell)] ??= [];
  return runs[nameOf(cell)] as KernelRun[];
}

/** About what a run will carry, Mbit/s: what loss leaves of the rate, and something for the processes. */
function load({ cell: { rate, roundTrip, loss } }: Job): number {
  return 5 + (loss === 0 ? rate : Math.min(rate, 500 / roundTrip / Math.sqrt(loss) + 5));
}

/** The first that there is room for now, taken off the list. */
function nextJob(): Job | undefined {
  if (running.size >= option("parallel", 10)) return undefined;
  const carried = [...running.keys()].reduce((sum, job) => sum + load(job), 0);
  // The heaviest go one by one, and beside them there is room for light ones: else they would all be left to the end.
  const isHeavy = (job: Job): boolean => load(job) > RATE_LIMIT / 2;
  const reserved = [...running.keys()].some(isHeavy) || !jobs.some(isHeavy) ? 0 : Math.max(...jobs.map(load));
  const limit = (job: Job): number => RATE_LIMIT - (isHeavy(job) ? 0 : reserved);
  const index = jobs.findIndex((job) => running.size === 0 || carried + load(job) <= limit(job));
  return index < 0 ? undefined : jobs.splice(index, 1)[0];
}

async function measure(job: Job): Promise<void> {
  const { cell, seed, flows } = job;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const { run, settings } = await runKernel(job);
    Object.assign(table.settings, settings);
    const runs = runsOf(flows, cell);
    const before = runs.findIndex((other) => other.seed === seed);
    if (before < 0) runs.push(run);
    else if (isTrue(run) || run.late[1] < (runs[before] as KernelRun).late[1]) runs[before] = run;
    save();
    const mbits = run.goodput.map((each) => each.toFixed(3)).join(" + ");
    console.log(`${nameOf(cell)}, seed ${seed}: ${mbits} Mbit/s, ping ${run.ping} ms, late ${run.late.join("/")} ms`);
    if (isTrue(run)) return;
  }
}

function save(): void {
  const sorted = (cells: KernelTable["cells"]): KernelTable["cells"] =>
    Object.fromEntries(
      CELLS.map(nameOf)
        .filter((name) => cells[name]?.length)
        .map((name) => [name, [...(cells[name] ?? [])].sort((one, other) => one.seed - other.seed)]),
    );
  const { cells, shared } = table;
  const text = JSON.stringify({ ...table, cells: sorted(cells), shared: sorted(shared) }, undefined, 1);
  // A run a line.
  const lines = text.replace(/\{\s+"seed"[^{}]*\}/g, (run) => run.replace(/\s+/g, " "));
  writeFileSync(`${TABLE}.new`, `${lines}\n`);
  renameSync(`${TABLE}.new`, TABLE);
}
