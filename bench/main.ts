/**
 * `npm run bench [-- NAME…] [-- --json] [-- --rounds=N]`: runs the benchmarks interleaved, at least five rounds, and
 * prints medians with the lowest and highest, and the ratios to the yardstick of the same run.
 */
import { cpus, release } from "node:os";
import { bulk } from "./bulk.ts";
import { connects, pingPong, pingPongByPromises } from "./exchanges.ts";
import { type Benchmark, type Figures, median } from "./measure.ts";
import { nodeBulk, nodeConnects, nodePingPong } from "./node-net.ts";

const BENCHMARKS: readonly Benchmark[] = [
  bulk,
  nodeBulk,
  pingPong,
  pingPongByPromises,
  nodePingPong,
  connects,
  nodeConnects,
];

/** Ours, and the yardstick in the same unit. */
const RATIOS: readonly [name: string, ours: string, yardstick: string][] = [
  ["bulk, wall", "tcp.bulk.mtu1500.mibPerSecond", "node.net.loopback.mibPerSecond"],
  ["round trips", "tcp.pingpong.roundTripsPerSecond", "node.net.pingpong.roundTripsPerSecond"],
  ["round trips by promises", "tcp.pingpong.promiseRoundTripsPerSecond", "node.net.pingpong.roundTripsPerSecond"],
  ["connect and close", "tcp.connect.perSecond", "node.net.connect.perSecond"],
];

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
const samples = new Map<string, number[]>();
for (let round = 0; round < rounds; round++) {
  for (const benchmark of chosen) {
    if (!json && process.stderr.isTTY)
      process.stderr.write(`\r\x1b[Kround ${round + 1} of ${rounds}: ${benchmark.name}`);
    const figures: Figures = await benchmark.round();
    for (const [key, value] of Object.entries(figures)) samples.set(key, [...(samples.get(key) ?? []), value]);
  }
}
if (!json && process.stderr.isTTY) process.stderr.write("\r\x1b[K");

const medians: Figures = Object.fromEntries([...samples].map(([key, values]) => [key, median(values)]));
if (json) console.log(JSON.stringify(medians, undefined, 2));
else print();

function print(): void {
  const number = (value: number) => (value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3));
  console.log(
    `Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, ${rounds} rounds`,
  );
  for (const [key, values] of samples) {
    const range = `[${number(Math.min(...values))} – ${number(Math.max(...values))}]`;
    console.log(`  ${key.padEnd(46)} ${number(median(values)).padStart(10)}  ${range}`);
  }
  for (const [name, ours, yardstick] of RATIOS) {
    const [a, b] = [medians[ours], medians[yardstick]];
    if (a !== undefined && b !== undefined)
      console.log(`  ${name}: ${(a / b).toFixed(2)} × Node's net on the loopback`);
  }
}
