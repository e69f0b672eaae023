import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// Asked for here, so that a benchmark runs with plain `node` as well.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collects garbage: what an earlier benchmark left is not this one's to pay for. */
export function collectGarbage(): void {
  collect();
  collect();
}

/** Bytes that are alive: the heap's objects and, outside it, the memory of array buffers. */
export function liveBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
