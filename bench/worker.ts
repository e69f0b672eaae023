/**
 * Runs one benchmark, a round for each message, in a process of its own: what others leave in the heap, and what the
 * compiler learnt from them, is not measured. Nor is a first round each time: while a process waits for its turn its caches
 * and perhaps its memory are given to others.
 */
import { BENCHMARKS } from "./benchmarks.ts";
import { endInOrder } from "./ends.ts";

const benchmark = BENCHMARKS.find(({ name }) => name === process.argv[2]);

endInOrder();
// Whether the run is over or its process has died: what this one has started ends with it.
process.on("disconnect", () => process.exit());
process.on("message", async () => {
  try {
    await benchmark?.round();
    process.send?.(await benchmark?.round());
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
