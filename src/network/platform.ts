/**
 * What the run loop asks of the machine it runs on, and the only way in which wall time comes into the core.
 * `platform/node` and `platform/browser` have one each.
 */
export interface Platform {
  /** Resolves when every promise that could go on has gone on, chained ones too. */
  settle(): Promise<void>;
  /** Resolves when the runtime has had a turn: its timers, I/O and rendering. */
  turn(): Promise<void>;
  /** Milliseconds since some moment, with fractions; never goes back. */
  wall(): number;
  /** Sleeps until so many milliseconds have passed, or for less when woken. */
  sleep(milliseconds: number): Sleep;
}

export interface Sleep {
  readonly done: Promise<void>;
  /** Ends it now; ending it again does nothing. */
  wake(): void;
}
