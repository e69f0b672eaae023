import { cpus, release } from "node:os";
import { BARS, RATIOS } from "./bars.ts";
import { median } from "./measure.ts";
import type { Samples } from "./rounds.ts";

const number = (value: number) => (value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3));

/** The table for people: medians with lowest and highest, then how they stand to the bars, the yardstick and each other. */
export function printTable(samples: Samples, rounds: number): void {
  console.log(
    `Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, ${rounds} rounds`,
  );
  for (const [key, values] of samples) {
    const range = `[${number(Math.min(...values))} – ${number(Math.max(...values))}]`;
    console.log(`  ${key.padEnd(46)} ${number(median(values)).padStart(10)}  ${range}`);
  }
  const medians = new Map([...samples].map(([key, values]) => [key, median(values)]));
  console.log("");
  for (const { key, what, bar, goal, least } of BARS) {
    const value = medians.get(key);
    if (value === undefined) continue;
    const of = (limit: number) => (least ? limit / value : value / limit).toFixed(2);
    console.log(
      `  ${what.padEnd(24)} ${of(bar)} × the bar of ${number(bar)}, ${of(goal)} × the goal of ${number(goal)}`,
    );
  }
  for (const [name, ours, yardstick] of RATIOS) {
    const [a, b] = [medians.get(ours), medians.get(yardstick)];
    if (a !== undefined && b !== undefined)
      console.log(`  ${name.padEnd(24)} ${(a / b).toFixed(2)} × Node's net on the loopback`);
  }
  for (const [key, factor] of medians) {
    const what = /^growth\.(\w+)\.factor$/.exec(key)?.[1];
    if (what !== undefined) console.log(`  ${`twice the ${what}`.padEnd(24)} ${factor.toFixed(2)} × the cost of each`);
  }
}
