import type { Clock } from "../../socket/clock.ts";
import { sleepBy } from "../../socket/sleep.ts";
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
    return sleepBy(this, duration, signal);
  }

  after(duration: Duration, callback: () => void): () => void {
    return afterWall(duration, callback);
  }
}
