/**
 * `node --conditions=netarium:source bench/goodput/kernel.ts [--seeds=N] [--parallel=N] [WORD…]`: measures the goodput of
 * the Linux kernel's TCP on the cells of cells.ts, through two tunnels, and writes kernel-table.json after every run. What
 * is measured already is left out, so it may be stopped by Ctrl-C and started again. With words, only cells whose names have them
 * all. Needs root.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { Namespace } from "../../test/namespace.ts";
import { CELLS, type Cell, cornersOf, nameOf, RUN_SECONDS, SHARED_CELLS } from "./cells.ts";
import type { Emulation } from "./emulator.ts";
import { type KernelRun, type KernelTable, TABLE } from "./tables.ts";

/** A run is repeated when one frame of a hundred was later than this, in milliseconds: then the machine was too busy. */
const LATE_LIMIT = 1;
const TRIES = 3;
/** What runs at once may carry together, Mbit/s. */
const RATE_LIMIT = 150;
/** Frames that wait in the tunnel until they are read: enough that none is dropped there. */
const TUNNEL_QUEUE = 20_000;
const SETTINGS: Readonly<Record<string, string>> = {
  "net.ipv4.tcp_no_metrics_save": "1",
  "net.ipv6.conf.all.disable_ipv6": "1",
};
const SAID = ["tcp_rmem", "tcp_wmem", "tcp_moderate_rcvbuf", "tcp_sack", "tcp_dsack"].concat(
  ["tcp_recovery", "tcp_early_retrans", "tcp_frto", "tcp_timestamps", "tcp_window_scaling", "tcp_ecn"],
  ["tcp_no_metrics_save", "tcp_limit_output_bytes", "tcp_rto_min_us", "tcp_comp_sack_delay_ns"],
);

interface Job {
  readonly cell: Cell;
  readonly seed: number;
  readonly flows: 1 | 2;
}

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const option = (name: string, otherwise: number): number =>
  Number(process.argv.find((word) => word.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise);
const here = import.meta.dirname;
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
    runsOf(flows, cell).some((run) => run.seed === seed && run.late[1] <= LATE_LIMIT);
  const isWanted = ({ cell }: Job): boolean => words.every((word) => nameOf(cell).includes(word));
  return all
    .filter((job) => isWanted(job) && !isMeasured(job))
    .sort((one, other) => one.seed - other.seed || cornersOf(other.cell) - cornersOf(one.cell));
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
  const index = jobs.findIndex((job) => running.size === 0 || carried + load(job) <= RATE_LIMIT);
  return index < 0 ? undefined : jobs.splice(index, 1)[0];
}

async function measure(job: Job): Promise<void> {
  const { cell, seed, flows } = job;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const run = await runOnce(job);
    const runs = runsOf(flows, cell);
    const before = runs.findIndex((other) => other.seed === seed);
    const [, p99] = run.late;
    if (before < 0) runs.push(run);
    else if (p99 < (runs[before] as KernelRun).late[1]) runs[before] = run;
    save();
    const mbits = run.goodput.map((each) => each.toFixed(3)).join(" + ");
    console.log(`${nameOf(cell)}, seed ${seed}: ${mbits} Mbit/s, ping ${run.ping} ms, late ${run.late.join("/")} ms`);
    if (p99 <= LATE_LIMIT) return;
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

async function runOnce({ cell, seed, flows }: Job): Promise<KernelRun> {
  const ends = await Promise.all([Namespace.create(), Namespace.create()]);
  const [sender, receiver] = ends;
  const emulator = program("emulator.ts", JSON.stringify(cell), `${seed}`, ...ends.map((end) => end.path));
  try {
    const said = createInterface(emulator.stdout)[Symbol.asyncIterator]();
    if ((await said.next()).value !== "ready") throw new Error("the emulator did not begin");
    for (const [index, end] of ends.entries()) await prepare(end, `10.9.0.${index + 1}/24`);
    Object.assign(table.settings, await settingsOf(sender));
    const ping = await roundTripOf(receiver);
    const server = urgent(sender, process.execPath, join(here, "flow.ts"), "send");
    await once(server.stdout, "data");
    const sockets = setTimeout(RUN_SECONDS * 500).then(() => sender.run("ss", "-tin"));
    const goodput = await Promise.all(
      Array.from({ length: flows }, async () => {
        const flow = urgent(receiver, process.execPath, join(here, "flow.ts"), "receive", "10.9.0.1", `${RUN_SECONDS}`);
        const [bytes] = await once(flow.stdout, "data");
        return (Number(bytes) * 8) / 1e6 / RUN_SECONDS;
      }),
    );
    if (!(await sockets).includes(" cubic ")) throw new Error("the sender does not use CUBIC");
    const resent = Number(/TcpRetransSegs\s+(\d+)/.exec(await sender.run("nstat", "-asz", "TcpRetransSegs"))?.[1]);
    const dropped = (await Promise.all(ends.map(droppedAt))).reduce((sum, count) => sum + count, 0);
    server.kill();
    emulator.stdin.end();
    const emulation = JSON.parse((await said.next()).value as string) as Emulation;
    emulation.refused += dropped;
    return { seed, goodput: goodput.map((each) => Number(each.toFixed(4))), ping, resent, ...emulation };
  } finally {
    emulator.kill("SIGKILL");
    await Promise.all(ends.map((end) => end.close()));
  }
}

/** A program of this folder, before all others on this machine. */
function program(name: string, ...args: string[]) {
  const node = [process.execPath, "--conditions=netarium:source", join(here, name), ...args];
  return spawn("chrt", ["--fifo", "10", ...node], { stdio: ["pipe", "pipe", "inherit"] });
}

function urgent(namespace: Namespace, ...command: string[]) {
  return namespace.spawn("chrt", "--fifo", "5", ...command);
}

async function prepare(namespace: Namespace, address: string): Promise<void> {
  for (const [name, value] of Object.entries(SETTINGS)) await namespace.run("sysctl", "-qw", `${name}=${value}`);
  await namespace.run("ip", "link", "set", "nt0", "txqueuelen", `${TUNNEL_QUEUE}`);
  await namespace.run("ip", "address", "add", address, "dev", "nt0");
  await namespace.run("ip", "link", "set", "nt0", "up");
  // By the route, since the namespace may not set as its default what the machine does not allow to all.
  const route = ["10.9.0.0/24", "dev", "nt0", "src", address.split("/")[0] as string];
  await namespace.run("ip", "route", "change", ...route, "congctl", "cubic");
}

async function settingsOf(namespace: Namespace): Promise<Record<string, string>> {
  const said = await namespace.run("sysctl", ...SAID.map((name) => `net.ipv4.${name}`));
  return Object.fromEntries(
    said
      .trim()
      .split("\n")
      .map((line) => line.replace(/\t/g, " ").split(" = ")),
  );
}

/** The median of some echoes, ms; the first resolves the neighbour. */
async function roundTripOf(namespace: Namespace): Promise<number> {
  const said = await namespace
    .run("ping", "-c", "20", "-i", "0.05", "-W", "5", "10.9.0.1")
    .catch((error) => `${error}`);
  const times = [...said.matchAll(/time=([\d.]+)/g)].map(([, time]) => Number(time)).sort((one, other) => one - other);
  return times[times.length >> 1] ?? 0;
}

/** Frames that a tunnel dropped before they came to the cable. */
async function droppedAt(namespace: Namespace): Promise<number> {
  const [link] = JSON.parse(await namespace.run("ip", "-s", "-j", "link", "show", "nt0"));
  return link.stats64.tx.dropped + link.stats64.rx.dropped;
}
