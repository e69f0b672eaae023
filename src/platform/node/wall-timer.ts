import type { Duration } from "../../time/instant.ts";

/** The longest that Node's timers take; who waits longer waits again. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

// Taken when the module is loaded, so that a test with false timers does not stop the sockets.
const { setTimeout, clearTimeout } = globalThis;

/** Calls back after a duration of wall time. @returns a function that takes it back */
export function afterWall(duration: Duration, callback: () => void): () => void {
  let left = Math.max(0, duration / 1e6);
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    const piece = Math.min(left, LONGEST_MILLISECONDS);
    left -= piece;
    timer = setTimeout(() => (left > 0 ? wait() : callback()), piece);
  };
  wait();
  return () => clearTimeout(timer);
}
