import { join } from "node:path";
import type { Cell } from "./cells.ts";

/** What docs/tcp.md draws. */
export interface Drawing {
  /** `"deep-queue"`: of the file, without its ending. */
  readonly name: string;
  readonly cell: Cell;
  readonly flows: 1 | 2;
}

export const DRAWINGS: readonly Drawing[] = [
  { name: "deep-queue", cell: { rate: 10, roundTrip: 50, loss: 0, queue: "deep" }, flows: 1 },
  { name: "short-queue", cell: { rate: 10, roundTrip: 50, loss: 0, queue: "short" }, flows: 1 },
  { name: "loss", cell: { rate: 100, roundTrip: 50, loss: 0.1, queue: "deep" }, flows: 1 },
  { name: "two-flows", cell: { rate: 10, roundTrip: 50, loss: 0, queue: "short" }, flows: 2 },
];

/** Of the frames that are lost; the kernel's and ours are drawn with the same. */
export const DRAWN_SEED = 1;

/** What the kernel's senders said of themselves: seconds, cwnd in segments, smoothed round trip in ms; by drawing and flow. */
export type KernelTraces = Record<string, readonly (readonly [at: number, window: number, roundTrip: number])[][]>;

export const TRACES: string = join(import.meta.dirname, "kernel-traces.json");
