/**
 * Runs one benchmark, a round for each message, in a process of its own: what others leave in the heap, and what the
 * compiler learnt from them, is not measured. Nor is a first round each time: while a process waits for its turn its caches
 * and perhaps its memory are given to others.
 */
import { BENCHMARKS } from "./benchmarks.ts";

const benchmark = BENCHMARKS.find(({ name }) => name === process.argv[2]);

process.on("message", async () => {
  try {
    await benchmark?.round();
    process.send?.(await benchmark?.round());
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
