import type { Clock } from "../../socket/clock.ts";
import type { Duration, Instant } from "../../time/instant.ts";
import { afterWall } from "./wall-timer.ts";

/** The machine's own clock: what a program on the operating system is given. It starts at 0 when it is made. */
export class OsClock implements Clock {
  readonly #started = process.hrtime.bigint();

  now(): Instant {
    return Number(process.hrtime.bigint() - this.#started) as Instant;
  }

  date(): Date {
    return new Date();
  }

  sleep(duration: Duration, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = (): void => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = afterWall(duration, () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  after(duration: Duration, callback: () => void): () => void {
    return afterWall(duration, callback);
  }
}
