import { assert } from "../base/assert.ts";
import type { Instant } from "../time/instant.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { Timer } from "../time/timer.ts";

/** Inputs that wait for their instant; a door whose input is refused drops it or reads no further. */
export const INPUTS_WAITING_LIMIT = 100_000;

/** Below every order that a scheduler draws, so that an input comes before all other events of its instant. */
const FIRST_ORDER = -(2 ** 52);

const NOTHING = new Uint8Array(0);

/** One thing that came from outside. What the numbers and bytes mean is the door's own. */
export interface Input {
  /** Counted from 1 in a run. */
  readonly n: number;
  /** Its virtual time. */
  readonly at: Instant;
  /** Where it came in: a name that is the same in a replay, such as `"tcp 127.0.0.1:8888"`. */
  readonly door: string;
  /** What it is: `"open"`, `"data"`, `"frame"`. */
  readonly kind: string;
  readonly bytes: Uint8Array;
  /** Such as the number of a connection; 0 unless given. */
  readonly number: number;
  /** Such as how many bytes; 0 unless given. */
  readonly count: number;
}

export type InputHandler = (input: Input) => void;

/** What is behind a door that was shut. */
const shut: InputHandler = () => {};

/**
 * The one seam for everything from outside: bytes of published ports and tunnels, keystrokes, edits. An input gets a
 * number and a virtual time, waits for it, and is executed as the first event of that instant. Nothing else may reach
 * into a running network, so document, seed and the log of inputs give the same trace again.
 */
export class Inputs {
  readonly #scheduler: Scheduler;
  readonly #doors = new Map<string, InputHandler>();
  readonly #timer: Timer;
  /** Those before `#next` are done. */
  #waiting: Input[] = [];
  #next = 0;
  #lastNumber = 0;
  #lastAt = 0;
  #replaying = false;

  /** The virtual time that it is outside; the run loop's. Until it is set, inputs come as soon as they can. */
  paced: (() => Instant) | undefined;
  /** Called when an input waits: the run loop need not sleep longer than until then. */
  onWaiting: (() => void) | undefined;
  /** Called for each input just before it is executed: the recorder's. */
  onInput: InputHandler | undefined;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.#timer = new Timer("inputs", () => this.#execute());
  }

  /** How many wait for their instant. */
  get waiting(): number {
    return this.#waiting.length - this.#next;
  }

  /** When the last input that was taken comes. */
  get lastAt(): Instant {
    return this.#lastAt as Instant;
  }

  /** Whether inputs come from a record: then doors stay shut to the outside, and {@link submit} refuses. */
  get replaying(): boolean {
    return this.#replaying;
  }

  /**
   * Opens a door, before its first input is executed; one that was shut may be opened again. The handler runs as an event of the scheduler; programs that it
   * wakes run before the next event.
   * @returns a function that shuts it; inputs that still wait for it are then executed as nothing
   */
  door(name: string, handler: InputHandler): () => void {
    const before = this.#doors.get(name);
    assert(before === undefined || before === shut, "a door has a name of its own");
    this.#doors.set(name, handler);
    return () => this.#doors.set(name, shut);
  }

  /**
   * Takes an input from outside.
   * @param bytes handed over: nobody may change them afterwards
   * @returns false when it is refused, because too many wait or a record is replayed
   */
  submit(door: string, kind: string, bytes: Uint8Array = NOTHING, number = 0, count = 0): boolean {
    if (this.#replaying || this.waiting >= INPUTS_WAITING_LIMIT) return false;
    const outside = this.paced?.() ?? 0;
    const at = Math.max(outside, this.#scheduler.now, this.#scheduler.lastEvent + 1, this.#lastAt) as Instant;
    this.#wait({ n: this.#lastNumber + 1, at, door, kind, bytes, number, count });
    this.onWaiting?.();
    return true;
  }

  /**
   * Feeds the inputs of a record, and nothing else from now on.
   * @throws RangeError when they are not in order, or the run has gone past them
   */
  replay(inputs: Iterable<Input>): void {
    this.#replaying = true;
    for (const input of inputs) {
      const late = input.at < this.#lastAt || input.at <= this.#scheduler.lastEvent;
      if (late || input.n !== this.#lastNumber + 1)
        throw new RangeError(`input ${input.n} of the record is out of order`);
      this.#wait(input);
    }
  }

  /** Ends a replay: inputs come from outside again, numbered on from those that were executed. What still waits is left out. */
  goOn(): void {
    const [next] = this.#waiting.slice(this.#next, this.#next + 1);
    if (next !== undefined) {
      this.#scheduler.disarm(this.#timer);
      this.#waiting = [];
      this.#next = 0;
      this.#lastNumber = next.n - 1;
      this.#lastAt = 0;
    }
    this.#replaying = false;
  }

  #wait(input: Input): void {
    this.#lastNumber = input.n;
    this.#lastAt = input.at;
    this.#waiting.push(input);
    if (this.waiting === 1) this.#arm(input);
  }

  /** With an order of its own, so that a run draws the same numbers with and without inputs waiting. */
  #arm(input: Input): void {
    this.#scheduler.arm(this.#timer, input.at, FIRST_ORDER + input.n);
  }

  #execute(): void {
    const input = this.#waiting[this.#next++] as Input;
    if (this.#next >= 1024 && this.#next * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    const following = this.#waiting[this.#next];
    if (following !== undefined) this.#arm(following);
    this.onInput?.(input);
    const handler = this.#doors.get(input.door);
    if (handler === undefined) throw new UnknownDoorError(input);
    handler(input);
    this.#scheduler.wake();
  }
}

/** A record names a door that this network does not have. */
export class UnknownDoorError extends Error {
  override name = "UnknownDoorError";
  readonly code = "unknown-door";

  constructor(input: Input) {
    super(`input ${input.n} is for the door "${input.door}", which this network does not have`);
  }
}
