import type { Duration, Instant } from "../time/instant.ts";

/** The clock a program is given: virtual time on a virtual host, the system's on a real one. */
export interface Clock {
  /** Nanoseconds since the clock started; never goes back. */
  now(): Instant;
  /** The date and time. On a virtual host the run's epoch plus {@link now}. */
  date(): Date;
  /**
   * Resolves after a duration.
   * @param signal rejects the promise with its reason when it aborts first
   */
  sleep(duration: Duration, signal?: AbortSignal): Promise<void>;
  /** Calls back after a duration. @returns a function that takes it back */
  after(duration: Duration, callback: () => void): () => void;
}
