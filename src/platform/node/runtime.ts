import type { Platform } from "../../network/platform.ts";
import { sleep } from "../timer-sleep.ts";

// Taken when the module is loaded, so that a test with false timers does not stop the network.
const { setImmediate, performance } = globalThis;
const { nextTick } = process;

/**
 * Node as the run loop needs it. A tick is taken only when no microtask is left, so waiting for one settles whatever a
 * woken program does, in half the time of a turn of the event loop.
 */
export const nodePlatform: Platform = {
  settle: () => new Promise((resolve) => nextTick(resolve)),
  turn: () => new Promise((resolve) => setImmediate(resolve)),
  wall: () => performance.now(),
  sleep,
};
