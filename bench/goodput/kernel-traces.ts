/**
 * `node --conditions=netarium:source bench/goodput/kernel-traces.ts`: watches the kernel's senders on the cells that are drawn,
 * by ss(8), and writes kernel-traces.json. Needs root.
 */
import { writeFileSync } from "node:fs";
import type { Namespace } from "../../test/namespace.ts";
import { DRAWINGS, DRAWN_SEED, type Drawing, type KernelTraces, TRACES } from "./drawings.ts";
import { runKernel } from "./kernel-run.ts";

/** Seconds between two looks, and what ss takes. */
const EVERY = "0.1";

const traces: KernelTraces = {};
await Promise.all(
  DRAWINGS.map(async (drawing) => {
    traces[drawing.name] = await trace(drawing);
  }),
);
const sorted = Object.fromEntries(DRAWINGS.map(({ name }) => [name, traces[name]]));
writeFileSync(
  TRACES,
  `${JSON.stringify(sorted)
    .replace(/\[\[\[/g, "\n[[[")
    .replace(/\]\],\[\[/g, "]],\n[[")}\n`,
);

async function trace({ cell, flows }: Drawing): Promise<[number, number, number][][]> {
  let said = "";
  const watch = (sender: Namespace) => {
    const child = sender.spawn(
      "chrt",
      "--fifo",
      "5",
      "sh",
      "-c",
      `while :; do date +%s.%N; ss -tinH; sleep ${EVERY}; done`,
    );
    child.stdout.on("data", (text) => {
      said += text;
    });
    return child;
  };
  await runKernel({ cell, seed: DRAWN_SEED, flows, watch });
  return read(said);
}

/** By the peer's port, in order of appearance. */
function read(said: string): [number, number, number][][] {
  const flows = new Map<string, [number, number, number][]>();
  let first = Number.NaN;
  let now = 0;
  let port = "";
  for (const line of said.split("\n")) {
    if (/^\d+\.\d+$/.test(line)) now = Number(line);
    port = /^ESTAB .*:(\d+)\s*$/.exec(line)?.[1] ?? port;
    const [, roundTrip] = / rtt:([\d.]+)\//.exec(line) ?? [];
    const [, window] = / cwnd:(\d+)/.exec(line) ?? [];
    if (roundTrip === undefined || window === undefined) continue;
    if (Number.isNaN(first)) first = now;
    const points = flows.get(port) ?? [];
    flows.set(port, points);
    points.push([Number((now - first).toFixed(2)), Number(window), Number(Number(roundTrip).toFixed(1))]);
  }
  return [...flows.values()];
}
