import type { Platform, Sleep } from "../../network/platform.ts";

/** The longest that Node's timers take; who sleeps longer sleeps again. */
const LONGEST_SLEEP = 2 ** 31 - 1;

// Taken when the module is loaded, so that a test with false timers does not stop the network.
const { setImmediate, setTimeout, clearTimeout, performance } = globalThis;
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

function sleep(milliseconds: number): Sleep {
  let end = (): void => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  const timer = setTimeout(end, Math.min(milliseconds, LONGEST_SLEEP));
  const wake = (): void => {
    clearTimeout(timer);
    end();
  };
  return { done, wake };
}
