import type { Sleep } from "../network/platform.ts";

/** The longest that timers take; who sleeps longer sleeps again. */
const LONGEST_SLEEP = 2 ** 31 - 1;

// Taken when the module is loaded, so that a test with false timers does not stop the network.
const { setTimeout, clearTimeout } = globalThis;

/** Sleeps by the timers that browsers and Node share. */
export function sleep(milliseconds: number): Sleep {
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
