import type { Network } from "../../src/network/network.ts";
import { RunLoop, type RunLoopOptions } from "../../src/network/run.ts";
import { nodePlatform } from "../../src/platform/node/runtime.ts";

export { nodePlatform };

/** A loop that runs a network on this machine, as fast as it can unless told. */
export function runLoopOf(network: Network, options: Partial<RunLoopOptions> = {}): RunLoop {
  const { scheduler, inputs, works } = network;
  return new RunLoop({ scheduler, inputs, works, platform: nodePlatform, ...options });
}
