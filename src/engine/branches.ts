import type { Input } from "../network/input-log.ts";
import { type Instant, NEVER, START } from "../time/instant.ts";
import type { BranchInfo } from "./protocol/state.ts";

/** Branches that are remembered. */
export const BRANCHES_LIMIT = 64;
/** Octets of inputs that are kept, of all branches. */
export const INPUT_BYTES_LIMIT = 256 * 2 ** 20;
/** What an input counts besides its bytes. */
const INPUT_OVERHEAD = 160;

/** An input and those before it: branches share what they have in common. */
interface Kept {
  readonly input: Input;
  readonly before: Kept | undefined;
  /** Of it and all before it. */
  readonly count: number;
  readonly bytes: number;
}

/** A course of the network as its inputs make it. */
export interface Branch {
  readonly id: number;
  parent: Branch | undefined;
  /** When it left its parent, and the last time that it has reached. */
  from: Instant;
  to: Instant;
  /** Its last input that is kept. */
  last: Kept | undefined;
  /** The first input that was not: from its time on the branch cannot be repeated. */
  lost: Instant | undefined;
}

/** The courses that a network has taken, each known by its inputs alone: document, seed and inputs give it again. */
export class Branches {
  readonly #limit: number;
  #all: Branch[];
  #current: Branch;
  #nextId = 1;
  /** Octets that are kept at most: what branches share counts once, what forgotten ones had is taken off at the limit. */
  #bytes = 0;

  /** @param limit {@link INPUT_BYTES_LIMIT} unless told */
  constructor(limit: number = INPUT_BYTES_LIMIT) {
    this.#limit = limit;
    this.#current = { id: 0, parent: undefined, from: START, to: START, last: undefined, lost: undefined };
    this.#all = [this.#current];
  }

  get current(): Branch {
    return this.#current;
  }

  get limit(): number {
    return this.#limit;
  }

  find(id: number): Branch | undefined {
    return this.#all.find((branch) => branch.id === id);
  }

  /** Keeps an input of the current branch, where there is room for it. */
  keep(input: Input): void {
    const branch = this.#current;
    if (branch.lost !== undefined) return;
    const size = input.bytes.length + INPUT_OVERHEAD;
    if (this.#bytes + size > this.#limit) this.#forgetOthers();
    if (this.#bytes + size > this.#limit) {
      branch.lost = input.at;
      return;
    }
    this.#bytes += size;
    const before = branch.last;
    branch.last = { input, before, count: (before?.count ?? 0) + 1, bytes: (before?.bytes ?? 0) + size };
  }

  /** The last time of a branch that can be repeated. */
  reach(branch: Branch): Instant {
    return branch.lost === undefined ? branch.to : (Math.min(branch.to, branch.lost - 1) as Instant);
  }

  /** All inputs of a branch that were executed until a time, that instant included. */
  inputsUntil(branch: Branch, at: Instant): Input[] {
    const inputs: Input[] = [];
    for (let kept = branch.last; kept !== undefined; kept = kept.before)
      if (kept.input.at <= at) inputs.push(kept.input);
    return inputs.reverse();
  }

  /**
   * Makes the course that goes on from a time of a branch the current one: a new branch, or, at its end, itself.
   */
  goOn(branch: Branch, at: Instant): Branch {
    if (at === branch.to && branch.lost === undefined) {
      this.#current = branch;
      return branch;
    }
    let last = branch.last;
    while (last !== undefined && last.input.at > at) last = last.before;
    this.#current = { id: this.#nextId++, parent: branch, from: at, to: at, last, lost: undefined };
    this.#all.push(this.#current);
    while (this.#all.length > BRANCHES_LIMIT) this.#forgetOne();
    return this.#current;
  }

  /** Begins with another network: nothing of what there was can be gone back to. */
  begin(): void {
    this.#current = { id: this.#nextId++, parent: undefined, from: START, to: START, last: undefined, lost: undefined };
    this.#all = [this.#current];
    this.#bytes = 0;
  }

  /** Until when two branches are the same course. */
  common(one: Branch, other: Branch): Instant {
    const times = new Map<Branch, number>();
    let time: number = NEVER;
    for (let each: Branch | undefined = one; each !== undefined; each = each.parent) {
      times.set(each, time);
      time = Math.min(time, each.from);
    }
    time = NEVER;
    for (let each: Branch | undefined = other; each !== undefined; each = each.parent) {
      const known = times.get(each);
      if (known !== undefined) return Math.min(known, time) as Instant;
      time = Math.min(time, each.from);
    }
    return -1 as Instant;
  }

  info(): BranchInfo[] {
    return this.#all.map(({ id, parent, from, to }) => ({ id, from, to, ...(parent && { parent: parent.id }) }));
  }

  /** The oldest goes that no other went on from, or the oldest at all. Others lose a parent by it, and no input. */
  #forgetOne(): void {
    const parents = new Set(this.#all.map(({ parent }) => parent));
    const others = this.#all.filter((branch) => branch !== this.#current);
    const gone = others.find((branch) => !parents.has(branch)) ?? others[0];
    this.#all = this.#all.filter((branch) => branch !== gone);
    for (const branch of this.#all) {
      if (gone === undefined || branch.parent !== gone) continue;
      branch.parent = gone.parent;
      branch.from = Math.min(branch.from, gone.from) as Instant;
    }
  }

  /** Only the current branch stays, so that it can go on being kept. */
  #forgetOthers(): void {
    const branch = this.#current;
    branch.parent = undefined;
    branch.from = START;
    this.#all = [branch];
    this.#bytes = branch.last?.bytes ?? 0;
  }
}
