import type { Duration } from "../time/instant.ts";
import type { Clock } from "./clock.ts";

/** A clock's sleep, by its `after`. @param onAbort called when the signal ends it */
export function sleepBy(
  clock: Pick<Clock, "after">,
  duration: Duration,
  signal: AbortSignal | undefined,
  onAbort = (): void => {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = (): void => {
      cancel();
      reject(signal?.reason);
      onAbort();
    };
    const cancel = clock.after(duration, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}
