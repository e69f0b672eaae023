import type { Random } from "../../../src/base/random.ts";

/** Programs that met something new are kept, the latest so many. */
const CORPUS_LIMIT = 2000;
const LENGTH_LIMIT = 120;

/** A program that does harm is run in shorter forms so often, at most. */
const SHRINK_LIMIT = 300;

/**
 * Looks for programs that do harm: random ones, and changed ones of those that met what no other had. A program is a row
 * of 32-bit numbers.
 */
export class Search {
  readonly #random: Random;
  readonly #run: (program: readonly number[]) => ReadonlySet<number>;
  readonly #corpus: (readonly number[])[] = [];
  readonly #seen = new Set<number>();

  /** @param run throws when a program does harm, else says what it met */
  constructor(random: Random, run: (program: readonly number[]) => ReadonlySet<number>) {
    this.#random = random;
    this.#run = run;
  }

  get met(): number {
    return this.#seen.size;
  }

  get kept(): number {
    return this.#corpus.length;
  }

  /** Runs one more program. An error names the shortest that was found to raise one as well. */
  next(): void {
    const program = this.#make();
    let met: ReadonlySet<number>;
    try {
      met = this.#run(program);
    } catch (error) {
      const [shortest, cause] = this.#shrink(program, error);
      throw new Error(`the program [${shortest}] (at first [${program}])`, { cause });
    }
    const before = this.#seen.size;
    for (const each of met) this.#seen.add(each);
    if (this.#seen.size === before) return;
    if (this.#corpus.length < CORPUS_LIMIT) this.#corpus.push(program);
    else this.#corpus[this.#random.below(CORPUS_LIMIT)] = program;
  }

  #make(): number[] {
    const random = this.#random;
    if (this.#corpus.length === 0 || random.chance(0.2)) {
      return Array.from({ length: 2 + random.below(LENGTH_LIMIT) }, () => random.uint32());
    }
    const program = [...this.#pick()];
    for (let left = 1 + random.below(6); left > 0; left--) {
      const at = random.below(program.length);
      const kind = random.below(6);
      if (kind === 0) program[at] = random.uint32();
      else if (kind === 1) program.splice(at, 0, random.uint32());
      else if (kind === 2 && program.length > 2) program.splice(at, 1 + random.below(4));
      else if (kind === 3) program[at] = ((program[at] as number) ^ (1 << random.below(32))) >>> 0;
      else if (kind === 4) program.splice(at, 0, ...program.slice(at, at + random.below(10)));
      else {
        const other = this.#pick();
        program.splice(at, program.length, ...other.slice(random.below(other.length)));
      }
    }
    return program.slice(0, LENGTH_LIMIT * 2);
  }

  #pick(): readonly number[] {
    return this.#corpus[this.#random.below(this.#corpus.length)] as readonly number[];
  }

  /** Leaves out what is not needed to raise an error. */
  #shrink(program: readonly number[], error: unknown): [program: readonly number[], error: unknown] {
    let shortest = program;
    let last = error;
    let runs = 0;
    for (let length = program.length >> 1; length >= 1; length >>= 1) {
      for (let at = 1; at < shortest.length && runs++ < SHRINK_LIMIT; ) {
        const shorter = [...shortest.slice(0, at), ...shortest.slice(at + length)];
        try {
          this.#run(shorter);
          at += length;
        } catch (raised) {
          shortest = shorter;
          last = raised;
        }
      }
    }
    return [shortest, last];
  }
}
