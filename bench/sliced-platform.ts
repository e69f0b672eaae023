import type { Platform, Sleep } from "../src/network/platform.ts";
import { nodePlatform } from "../src/platform/node/runtime.ts";

/** Wall milliseconds of a slice between which somebody looks whether it is over: at each turn of the runtime. */
type IsOver = () => boolean;

/** Wall milliseconds after which the CPU time is asked for again: to ask takes tens of microseconds, and a network looks often. */
const ASKED_EVERY = 5;
let asked = 0;
let spent = 0;
let told = 0;

/**
 * Milliseconds of CPU time, which is wall time where nothing else runs: on a busy machine fewer frames would otherwise fall between
 * two pushes. A thread's own time is counted in steps of 4 ms, the process's at once. Between two looks at it as much is taken to
 * have been spent as the wall's clock went on.
 */
function cpuNow(): number {
  const wall = performance.now();
  if (wall - asked >= ASKED_EVERY) {
    const { user, system } = process.cpuUsage();
    asked = wall;
    spent = (user + system) / 1000;
  }
  told = Math.max(told, spent + wall - asked);
  return told;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/**
 * A machine on which a network runs slice by slice, so that several can take turns in one process: between two slices its clock
 * stands and nothing of it goes on. Who sleeps is woken at a turn of the runtime, which a network that has something to do takes
 * every few milliseconds.
 */
export class SlicedPlatform implements Platform {
  #elapsed = 0;
  #began: number | undefined;
  #isOver: IsOver = () => false;
  #end = (): void => {};
  #waiting: (() => void)[] = [];
  #sleepers: Sleeper[] = [];

  wall(): number {
    return this.#elapsed + (this.#began === undefined ? 0 : cpuNow() - this.#began);
  }

  settle(): Promise<void> {
    return this.#began === undefined ? this.#begins() : nodePlatform.settle();
  }

  async turn(): Promise<void> {
    await nodePlatform.turn();
    this.#look();
    if (this.#began === undefined) await this.#begins();
  }

  sleep(milliseconds: number): Sleep {
    let wake = (): void => {};
    const done = new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (milliseconds < Number.POSITIVE_INFINITY) this.#sleepers.push({ until: this.wall() + milliseconds, wake });
    return { done, wake };
  }

  /** Lets everything go on, until a condition holds at a turn of the runtime. */
  async slice(isOver: IsOver): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    this.#isOver = isOver;
    this.#began = cpuNow();
    for (const resolve of this.#waiting.splice(0)) resolve();
    await ended;
  }

  /** The next slice begins. */
  #begins(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #look(): void {
    if (this.#began === undefined) return;
    const now = this.wall();
    // Who was woken now would find that the clock stands.
    if (this.#isOver()) {
      this.#elapsed = now;
      this.#began = undefined;
      this.#end();
      return;
    }
    const due = this.#sleepers.filter(({ until }) => until <= now);
    if (due.length === 0) return;
    this.#sleepers = this.#sleepers.filter(({ until }) => until > now);
    for (const { wake } of due) wake();
  }
}
