import type { Scheduler } from "../time/scheduler.ts";
import type { Input, Inputs } from "./input-log.ts";

/** Wall milliseconds for which time may stand still for one piece of work before it is reported. */
export const HOLD_REPORTED_AFTER = 5000;

const DOOR = "work";

interface Piece {
  readonly name: string;
  /** Hands the result on to the program; undefined while it is not there. */
  deliver: (() => void) | undefined;
  /** Lets time go on; undefined for a piece that time does not wait for. */
  release: (() => void) | undefined;
}

/**
 * What programs wait for outside the network: TLS, zlib, WebCrypto, files. In simulated time the clock stands until it
 * is there, and results are handed on in the order in which the work was given. In paced time nothing stands still, and
 * the moment at which a result came is an input.
 */
export class Works {
  readonly #scheduler: Scheduler;
  readonly #inputs: Inputs;
  readonly #pieces = new Map<number, Piece>();
  /** Numbers of the pieces for which time stands, in the order in which they are delivered. */
  readonly #held: number[] = [];
  #last = 0;

  /** Whether time stands still for work that is given from now on. */
  holding = true;
  /** Called when a piece is there: the run loop need not sleep. */
  onDone: (() => void) | undefined;

  constructor(scheduler: Scheduler, inputs: Inputs) {
    this.#scheduler = scheduler;
    this.#inputs = inputs;
    inputs.door(DOOR, (input) => this.#came(input));
  }

  /** The names of what time stands still for. */
  get heldFor(): string[] {
    return this.#held.map((number) => this.#pieces.get(number)?.name ?? "");
  }

  /** @param name what it is, for people: `"gzip"` */
  work<T>(promise: Promise<T>, name: string): Promise<T> {
    const number = ++this.#last;
    const piece: Piece = { name, deliver: undefined, release: undefined };
    this.#pieces.set(number, piece);
    if (this.holding) this.#hold(number, piece);
    return new Promise<T>((resolve, reject) => {
      const done = (deliver: () => void): void => {
        piece.deliver = deliver;
        if (piece.release === undefined && !this.#inputs.replaying) this.#submit(number, piece);
        this.onDone?.();
      };
      promise.then(
        (value) => done(() => resolve(value)),
        (error) => done(() => reject(error)),
      );
    });
  }

  /** Hands on the next result that time stands still for. @returns false while that is not there */
  deliver(): boolean {
    const [number] = this.#held;
    const piece = this.#pieces.get(number ?? 0);
    if (number === undefined || piece?.deliver === undefined) return false;
    this.#held.shift();
    this.#pieces.delete(number);
    piece.release?.();
    piece.deliver();
    this.#scheduler.wake();
    return true;
  }

  #hold(number: number, piece: Piece): void {
    piece.release = this.#scheduler.hold();
    this.#held.push(number);
  }

  /** Where too many inputs wait already, time stands until this one is handed on. */
  #submit(number: number, piece: Piece): void {
    if (!this.#inputs.submit(DOOR, "done", undefined, number)) this.#hold(number, piece);
  }

  /** In a replay the moment of a result is known, and the result may not be there yet. */
  #came(input: Input): void {
    const piece = this.#pieces.get(input.number);
    if (piece === undefined) return;
    if (piece.deliver === undefined) {
      this.#hold(input.number, piece);
      return;
    }
    this.#pieces.delete(input.number);
    piece.deliver();
  }
}
