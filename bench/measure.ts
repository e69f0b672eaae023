/** What a benchmark gives: numbers by key, each with its unit in the key's last word. */
export type Figures = Record<string, number>;

/** One thing to measure. It verifies its own result: every byte received, every answer right. */
export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  /** One round. Rounds of all benchmarks are interleaved, so that a busy machine slows all alike. */
  round(): Figures | Promise<Figures>;
}

/** Wall and CPU seconds of a piece of work, both ends and all threads. */
export async function timed(work: () => void | Promise<void>): Promise<{ wall: number; cpu: number }> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Throws when a benchmark's own result is wrong: its figures would mean nothing. */
export function verify(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`the benchmark's own check failed: ${message}`);
}
