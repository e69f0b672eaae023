/**
 * `node --conditions=netarium:source bench/goodput/plots.ts`: draws docs/tcp/*.svg, the congestion window, the round trip
 * and the queue of our senders in simulated time, and the kernel's (kernel-traces.json) with them.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bandwidthDelayProduct, type Cell, nameOf, queueLimit, RUN_SECONDS } from "./cells.ts";
import { DRAWINGS, DRAWN_SEED, type Drawing, type KernelTraces, TRACES } from "./drawings.ts";
import { linePlot, type Panel, type Series } from "./line-plot.ts";
import { simulate } from "./simulate.ts";

/** Milliseconds between two points. */
const EVERY = 150;
const FOLDER = join(import.meta.dirname, "../../docs/tcp");

type Line = [x: number, y: number][];

/** A line for each flow, and one for the queue. */
interface Trace {
  readonly windows: Line[];
  readonly roundTrips: Line[];
  readonly queue: Line;
}

const traces: KernelTraces = JSON.parse(readFileSync(TRACES, "utf8"));
mkdirSync(FOLDER, { recursive: true });
for (const drawing of DRAWINGS) {
  const { cell, flows, name } = drawing;
  const theirs = kernelTrace(traces[name] ?? []);
  const ours = ourTrace(drawing);
  const title = `${nameOf(cell)} queue${flows === 1 ? "" : `, ${flows} flows`}`;
  const panels = flows === 1 ? panelsOfOne(cell, ours, theirs) : panelsOfTwo(cell, ours, theirs);
  writeFileSync(join(FOLDER, `${name}.svg`), linePlot(title, "seconds", panels));
  console.log(`docs/tcp/${name}.svg`);
}

function ourTrace({ cell, flows }: Drawing): Trace {
  const trace: Trace = { windows: [], roundTrips: [], queue: [] };
  const ports: string[] = [];
  simulate(cell, DRAWN_SEED, {
    flows,
    sampleEvery: EVERY,
    onSample: (at, senders, waiting) => {
      trace.queue.push([at, waiting]);
      for (const { remote, congestionWindow, segmentSize, roundTrip } of senders) {
        if (roundTrip <= 0) continue;
        if (!ports.includes(remote)) {
          ports.push(remote);
          trace.windows.push([]);
          trace.roundTrips.push([]);
        }
        const flow = ports.indexOf(remote);
        trace.windows[flow]?.push([at, congestionWindow / segmentSize]);
        trace.roundTrips[flow]?.push([at, roundTrip / 1e6]);
      }
    },
  });
  return trace;
}

function kernelTrace(flows: KernelTraces[string]): Trace {
  return {
    windows: flows.map((points) => points.map(([at, window]) => [at, window])),
    roundTrips: flows.map((points) => points.map(([at, , roundTrip]) => [at, roundTrip])),
    queue: [],
  };
}

function limit(name: string, value: number): Series {
  return {
    name,
    faint: true,
    points: [
      [0, value],
      [RUN_SECONDS, value],
    ],
  };
}

function panelsOfOne(cell: Cell, ours: Trace, theirs: Trace): Panel[] {
  const both = (own: Line[], other: Line[]): Series[] => [
    { name: "Netarium", points: own[0] ?? [] },
    { name: "Linux", points: other[0] ?? [] },
  ];
  const product = limit("what the line holds", bandwidthDelayProduct(cell));
  return [
    { label: "window, segments", series: [...both(ours.windows, theirs.windows), product] },
    { label: "round trip, ms", series: both(ours.roundTrips, theirs.roundTrips) },
    {
      label: "queue, frames",
      series: [{ name: "Netarium", points: ours.queue }, limit("limit", queueLimit(cell))],
    },
  ];
}

function panelsOfTwo(cell: Cell, ours: Trace, theirs: Trace): Panel[] {
  const flows = (lines: Line[]): Series[] => lines.map((points, flow) => ({ name: `flow ${flow + 1}`, points }));
  const half = limit("half the line", bandwidthDelayProduct(cell) / 2);
  return [
    { label: "Netarium, segments", series: [...flows(ours.windows), half] },
    { label: "Linux, segments", series: [...flows(theirs.windows), half] },
    { label: "Netarium, ms", series: flows(ours.roundTrips) },
  ];
}
