/**
 * `npm run bench [-- NAME…] [-- --json] [-- --rounds=N]`: runs the benchmarks interleaved, at least five rounds, and
 * prints medians with the lowest and highest, and the ratios to the bars and to the yardstick of the same run.
 */
import { BENCHMARKS } from "./benchmarks.ts";
import { endInOrder } from "./ends.ts";
import { median } from "./measure.ts";
import { runRounds } from "./rounds.ts";
import { printTable } from "./table.ts";

endInOrder();
const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith("--"));
const json = words.includes("--json");
const rounds = Number(words.find((word) => word.startsWith("--rounds="))?.slice(9) ?? 5);
const unknown = names.filter((name) => !BENCHMARKS.some((each) => each.name === name));
if (unknown.length > 0 || !(rounds >= 1)) {
  console.error(`no benchmark ${unknown.join(", ")}. There are:`);
  for (const { name, summary } of BENCHMARKS) console.error(`  ${name.padEnd(24)} ${summary}`);
  process.exit(2);
}

const chosen = BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name));
const live = !json && process.stderr.isTTY;
const samples = await runRounds(chosen, rounds, (text) => {
  if (live) process.stderr.write(`\r\x1b[K${text}`);
});
if (live) process.stderr.write("\r\x1b[K");
if (json) console.log(JSON.stringify(Object.fromEntries([...samples].map(([key, values]) => [key, median(values)]))));
else printTable(samples, rounds);
