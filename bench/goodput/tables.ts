import { join } from "node:path";
import type { Goodputs } from "./compare.ts";
import type { Emulation } from "./emulator.ts";

/** The file of what the kernel reached, which kernel.ts writes. */
export const TABLE: string = join(import.meta.dirname, "kernel-table.json");

/** One run, and how true the cable was. */
export interface KernelRun extends Emulation {
  /** Of the frames that are lost. */
  readonly seed: number;
  /** Mbit/s of each flow: bytes that the application received, by the time from its call of connect. */
  readonly goodput: readonly number[];
  /** Milliseconds there and back, measured before. */
  readonly ping: number;
  /** Segments sent again. */
  readonly resent: number;
}

export interface KernelTable {
  kernel: string;
  processor: string;
  /** By the names of sysctl. */
  settings: Record<string, string>;
  /** One flow, by the cell's name. */
  cells: Record<string, KernelRun[]>;
  /** Two flows. */
  shared: Record<string, KernelRun[]>;
}

/** What ours reached, in simulated time, which ours.ts writes. */
export const OUR_TABLE: string = join(import.meta.dirname, "ours-table.json");

export interface OurTable {
  readonly cells: Goodputs;
  readonly shared: Goodputs;
}

export function goodputsOf(runs: Readonly<Record<string, readonly KernelRun[]>>): Goodputs {
  return Object.fromEntries(Object.entries(runs).map(([name, each]) => [name, each.map(({ goodput }) => goodput)]));
}
