import { type Instant, NEVER } from "./instant.ts";

/**
 * Something to be done at an instant. Its owner makes it once and arms it many times with the {@link Scheduler}; the
 * other fields are the scheduler's own.
 */
export class Timer {
  /** Whose timer it is, for the error that names a livelock: `"cable pc1-hub1"`. */
  readonly name: string;
  readonly expire: (now: Instant) => void;
  /** When it expires; {@link NEVER} while it is not armed. */
  at: Instant = NEVER;
  /** Which of the timers of one instant comes first: the lowest. */
  order = 0;
  /** Its place in the scheduler's heap; −1 while it is not armed. */
  index = -1;

  constructor(name: string, expire: (now: Instant) => void) {
    this.name = name;
    this.expire = expire;
  }

  get armed(): boolean {
    return this.index >= 0;
  }
}
