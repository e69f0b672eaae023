/** The two tables beside each other. */
import { CELLS, type Cell, fairness, nameOf, SHARED_CELLS } from "./cells.ts";

/** Mbit/s of each flow in each run, by the cell's name. */
export type Goodputs = Readonly<Record<string, readonly (readonly number[])[]>>;

export interface Comparison {
  readonly cell: Cell;
  readonly kernel: number;
  readonly ours: number;
  /** How far apart the lowest and the highest run are, as a part of the mean. */
  readonly spread: readonly [kernel: number, ours: number];
  readonly ratio: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const spreadOf = (values: readonly number[]): number => (Math.max(...values) - Math.min(...values)) / mean(values);

/** Means over the runs of one flow, for the cells that both were measured on. */
export function compare(kernel: Goodputs, ours: Goodputs): Comparison[] {
  return CELLS.flatMap((cell) => {
    const [theirs, own] = [kernel, ours].map((runs) => runs[nameOf(cell)]?.map(([goodput = 0]) => goodput));
    if (theirs === undefined || own === undefined) return [];
    const spread = [spreadOf(theirs), spreadOf(own)] as const;
    return [{ cell, kernel: mean(theirs), ours: mean(own), spread, ratio: mean(own) / mean(theirs) }];
  });
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(mean(values.map((value) => Math.log(value))));
}

/** Jain's index, the mean over the runs of two flows. */
export function compareFairness(kernel: Goodputs, ours: Goodputs): { cell: Cell; kernel: number; ours: number }[] {
  return SHARED_CELLS.flatMap((cell) => {
    const [theirs, own] = [kernel, ours].map((runs) => runs[nameOf(cell)]?.map(fairness));
    return theirs === undefined || own === undefined ? [] : [{ cell, kernel: mean(theirs), ours: mean(own) }];
  });
}
