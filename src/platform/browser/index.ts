/**
 * `netarium/browser`: what a network needs of a page or a Worker, and the network files.
 *
 * @module
 */
import type { Network } from "../../network/network.ts";
import { RunLoop, type RunLoopOptions } from "../../network/run.ts";
import { browserPlatform } from "./runtime.ts";

export { streamCompression } from "../compression-stream.ts";
export * from "../document/index.ts";
export { browserPlatform } from "./runtime.ts";

/** What runs a network in this page or Worker. */
export function runLoop(network: Network, options: Partial<RunLoopOptions> = {}): RunLoop {
  const { scheduler, inputs, works } = network;
  return new RunLoop({ scheduler, inputs, works, platform: browserPlatform(), ...options });
}
