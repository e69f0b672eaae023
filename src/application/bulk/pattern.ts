import { Random } from "../../base/random.ts";

/**
 * Bytes after which a {@link Pattern} repeats: a prime, so that a piece lost or doubled by a protocol, whose buffers are
 * powers of two and whose segments are shorter, never leaves the rest in step.
 */
const PERIOD = 65_521;

/** An endless sequence of pseudo-random bytes, to be sent and to be checked against, at any place. */
export class Pattern {
  /** Twice the period, so that any piece of a period stands in a row. */
  readonly #bytes: Uint8Array;

  constructor(seed: number) {
    const period = new Random(seed, "pattern").fill(new Uint8Array(PERIOD));
    this.#bytes = new Uint8Array(2 * PERIOD);
    this.#bytes.set(period);
    this.#bytes.set(period, PERIOD);
  }

  /** The longest piece that {@link piece} gives. */
  get longest(): number {
    return PERIOD;
  }

  /** The bytes from a place in the sequence. Not to be written to. @param length at most {@link longest} */
  piece(from: number, length: number): Uint8Array {
    const at = from % PERIOD;
    return this.#bytes.subarray(at, at + Math.min(length, PERIOD));
  }

  /** @returns the place in the sequence of the first byte that differs, or undefined when all are as they should be */
  differs(from: number, received: Uint8Array): number | undefined {
    for (let done = 0; done < received.length; ) {
      const expected = this.piece(from + done, received.length - done);
      for (let at = 0; at < expected.length; at++) {
        if (expected[at] !== received[done + at]) return from + done + at;
      }
      done += expected.length;
    }
    return undefined;
  }
}
