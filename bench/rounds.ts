import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Benchmark, Figures } from "./measure.ts";

/** Every figure's samples, by key. */
export type Samples = ReadonlyMap<string, number[]>;

/** Runs the rounds of benchmarks interleaved, so that a busy machine slows all alike; several each in a process of its own. */
export async function runRounds(
  chosen: readonly Benchmark[],
  rounds: number,
  progress: (text: string) => void,
): Promise<Samples> {
  const samples = new Map<string, number[]>();
  const apart = chosen.length > 1;
  const workers = apart ? chosen.map(({ name }) => fork(new URL("worker.ts", import.meta.url), [name])) : [];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [index, benchmark] of chosen.entries()) {
        progress(`round ${round + 1} of ${rounds}: ${benchmark.name}`);
        const worker = workers[index];
        const figures = await (worker === undefined ? benchmark.round() : ask(worker, benchmark.name));
        for (const [key, value] of Object.entries(figures)) samples.set(key, [...(samples.get(key) ?? []), value]);
      }
    }
  } finally {
    for (const worker of workers) if (worker.connected) worker.disconnect();
  }
  return samples;
}

/** One round in another process. */
async function ask(worker: ChildProcess, name: string): Promise<Figures> {
  worker.send("round");
  const over = new AbortController();
  const failed = once(worker, "exit", over).then(([code]) => {
    throw new Error(`benchmark ${name} ended with ${code}`);
  });
  const [figures] = (await Promise.race([once(worker, "message", over), failed])) as [Figures];
  failed.catch(() => {});
  over.abort();
  return figures;
}
