import type { Network } from "../../network/network.ts";
import { RunLoop, type RunLoopOptions } from "../../network/run.ts";
import { plugLatin1 } from "./latin1.ts";
import { nodePlatform } from "./runtime.ts";

/** What runs a network in this process: as fast as it can, unless a speed is given. */
export function runLoop(network: Network, options: Partial<RunLoopOptions> = {}): RunLoop {
  plugLatin1();
  const { scheduler, inputs, works } = network;
  return new RunLoop({ scheduler, inputs, works, platform: nodePlatform, ...options });
}
