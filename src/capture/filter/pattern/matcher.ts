import { type Instruction, programOf } from "./program.ts";
import { isWord, readPattern } from "./syntax.ts";

/** Steps from a state by a letter that are remembered; then all is forgotten, so that no pattern takes memory without end. */
const STEPS_LIMIT = 20_000;

/** Where a search may stand: at which instructions, and behind which kind of letter. */
interface State {
  readonly places: readonly number[];
  readonly before: "nothing" | "word" | "other";
  readonly steps: Map<number, State | typeof FOUND>;
}

const FOUND = Symbol("found");
/** What stands behind the last letter. */
const END = -1;

/**
 * A regular expression that is searched for in time that grows with the text alone, whatever the pattern: it stands at all places
 * that the letters so far lead to, and never goes back. Each step that it has taken once it remembers.
 */
export class Matcher {
  readonly #program: readonly Instruction[];
  #states = new Map<string, State>();
  #begin: State;
  #steps = 0;

  private constructor(program: readonly Instruction[]) {
    this.#program = program;
    this.#begin = this.#state([], "nothing");
  }

  /** @returns undefined for what is no pattern, or too long a one */
  static of(text: string, ignoresCase: boolean): Matcher | undefined {
    const pattern = readPattern(text, ignoresCase);
    const program = pattern && programOf(pattern);
    return program && new Matcher(program);
  }

  /** Whether it is found anywhere in a text. */
  test(text: string): boolean {
    let state = this.#begin;
    for (let at = 0; at <= text.length; at++) {
      const letter = at < text.length ? text.charCodeAt(at) : END;
      let next = state.steps.get(letter);
      if (next === undefined) {
        if (++this.#steps > STEPS_LIMIT) state = this.#forget(state);
        next = this.#step(state, letter);
        state.steps.set(letter, next);
      }
      if (next === FOUND) return true;
      state = next as State;
    }
    return false;
  }

  /** @returns the state that it was in, which has forgotten too */
  #forget({ places, before }: State): State {
    this.#steps = 0;
    this.#states = new Map();
    this.#begin = this.#state([], "nothing");
    return this.#state(places, before);
  }

  #state(places: readonly number[], before: State["before"]): State {
    const name = `${before} ${places.join(" ")}`;
    let state = this.#states.get(name);
    if (state === undefined) {
      state = { places, before, steps: new Map() };
      this.#states.set(name, state);
    }
    return state;
  }

  /** Where a letter leads from all places, and from the beginning, since it may begin anywhere. */
  #step({ places, before }: State, letter: number): State | typeof FOUND {
    const program = this.#program;
    const reached = new Uint8Array(program.length);
    const waiting = [...places, 0];
    const next: number[] = [];
    const word = letter !== END && isWord(letter);
    const holds = {
      start: before === "nothing",
      end: letter === END,
      edge: (before === "word") !== word,
      inside: (before === "word") === word,
    };
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (reached[at] === 1) continue;
      reached[at] = 1;
      const instruction = program[at] as Instruction;
      if (instruction.kind === "found") return FOUND;
      if (instruction.kind === "fork") waiting.push(instruction.to, instruction.or);
      else if (instruction.kind === "assert") {
        if (holds[instruction.context]) waiting.push(at + 1);
      } else if (letter !== END && instruction.accepts(letter)) next.push(at + 1);
    }
    return this.#state(
      next.sort((one, other) => one - other),
      word ? "word" : "other",
    );
  }
}
