/** One run of the kernel's TCP on a cell: two network namespaces, and between them the emulator. Needs root. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { Namespace } from "../../test/namespace.ts";
import { type Cell, RUN_SECONDS } from "./cells.ts";
import type { Emulation } from "./emulator.ts";
import type { KernelRun } from "./tables.ts";

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

const here = import.meta.dirname;

export interface KernelRunOptions {
  readonly cell: Cell;
  readonly seed: number;
  readonly flows: 1 | 2;
  /** Runs beside the transfer, in the sender's namespace. */
  readonly watch?: (sender: Namespace) => ChildProcessWithoutNullStreams;
}

/** @returns what came of it, and the settings by the names of sysctl */
export async function runKernel(
  options: KernelRunOptions,
): Promise<{ run: KernelRun; settings: Record<string, string> }> {
  const { cell, seed, flows, watch } = options;
  const ends = await Promise.all([Namespace.create(), Namespace.create()]);
  const [sender, receiver] = ends;
  const emulator = program("emulator.ts", JSON.stringify(cell), `${seed}`, ...ends.map((end) => end.path));
  try {
    const said = createInterface(emulator.stdout)[Symbol.asyncIterator]();
    if ((await said.next()).value !== "ready") throw new Error("the emulator did not begin");
    for (const [index, end] of ends.entries()) await prepare(end, `10.9.0.${index + 1}/24`);
    const settings = await settingsOf(sender);
    const ping = await roundTripOf(receiver);
    const server = urgent(sender, process.execPath, join(here, "flow.ts"), "send");
    await once(server.stdout, "data");
    watch?.(sender);
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
    const run = { seed, goodput: goodput.map((each) => Number(each.toFixed(4))), ping, resent, ...emulation };
    return { run, settings };
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

/** The shortest of some echoes, ms; the first resolves the neighbour. */
async function roundTripOf(namespace: Namespace): Promise<number> {
  const said = await namespace
    .run("ping", "-c", "20", "-i", "0.05", "-W", "5", "10.9.0.1")
    .catch((error) => `${error}`);
  return Math.min(...[...said.matchAll(/time=([\d.]+)/g)].map(([, time]) => Number(time)));
}

/** Frames that a tunnel dropped before they came to the cable. */
async function droppedAt(namespace: Namespace): Promise<number> {
  const [link] = JSON.parse(await namespace.run("ip", "-s", "-j", "link", "show", "nt0"));
  return link.stats64.tx.dropped + link.stats64.rx.dropped;
}
