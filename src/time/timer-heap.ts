import { type Instant, NEVER } from "./instant.ts";
import { Timer } from "./timer.ts";

/**
 * Armed timers by instant and, within one, by order: a 4-ary heap, where the timer at i comes before those at 4i+1 … 4i+4.
 *
 * The timer that is taken leaves a hole. The next one put in fills it, most often the same timer armed anew, which then
 * sinks once instead of being taken out and let rise from the bottom.
 */
export class TimerHeap {
  readonly #timers: Timer[] = [];
  /** Stands for the timer that was taken, before all others, until it is filled. */
  readonly #hole = new Timer("hole", () => {});

  /** When the first goes off; {@link NEVER} when there is none. */
  get next(): Instant {
    if (this.#hole.index >= 0) this.remove(this.#hole);
    return this.#timers.length === 0 ? NEVER : (this.#timers[0] as Timer).at;
  }

  /** Whether an instant and order come before those of every timer. */
  isBefore(at: Instant, order: number): boolean {
    const hole = this.#hole;
    if (hole.index > 0) this.remove(hole);
    const first = hole.index === 0 ? 1 : 0; // behind a hole at the top come its children
    const last = Math.min(first * 4, this.#timers.length - 1);
    for (let index = first; index <= last; index++) {
      const timer = this.#timers[index] as Timer;
      if (timer.at < at || (timer.at === at && timer.order < order)) return false;
    }
    return true;
  }

  /** Takes out the first; there is one. */
  take(): Timer {
    const hole = this.#hole;
    if (hole.index >= 0) this.remove(hole);
    const timer = this.#timers[0] as Timer;
    timer.index = -1;
    hole.at = timer.at;
    hole.order = timer.order;
    hole.index = 0;
    this.#timers[0] = hole;
    return timer;
  }

  /** Puts a timer in, or moves one that is in. */
  put(timer: Timer, at: Instant, order: number): void {
    let { index } = timer;
    let before = timer;
    if (index < 0) {
      before = this.#hole;
      index = before.index;
      before.index = -1;
    }
    const later = index >= 0 && (at > before.at || (at === before.at && order > before.order));
    timer.at = at;
    timer.order = order;
    if (later) this.#sink(timer, index);
    else this.#rise(timer, index >= 0 ? index : this.#timers.push(timer) - 1);
  }

  /** Takes out a timer that is in. */
  remove(timer: Timer): void {
    const { index } = timer;
    timer.index = -1;
    const last = this.#timers.pop() as Timer;
    if (last === timer) return;
    this.#rise(last, index);
    if (last.index === index) this.#sink(last, index);
  }

  #rise(timer: Timer, from: number): void {
    const timers = this.#timers;
    const { at, order } = timer;
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 2;
      const parent = timers[parentIndex] as Timer;
      if (parent.at < at || (parent.at === at && parent.order < order)) break;
      timers[index] = parent;
      parent.index = index;
      index = parentIndex;
    }
    timers[index] = timer;
    timer.index = index;
  }

  #sink(timer: Timer, from: number): void {
    const timers = this.#timers;
    const { at, order } = timer;
    const size = timers.length;
    let index = from;
    for (;;) {
      const first = index * 4 + 1;
      if (first >= size) break;
      let childIndex = first;
      let child = timers[first] as Timer;
      for (let other = first + 1; other < first + 4 && other < size; other++) {
        const candidate = timers[other] as Timer;
        if (candidate.at < child.at || (candidate.at === child.at && candidate.order < child.order)) {
          child = candidate;
          childIndex = other;
        }
      }
      if (at < child.at || (at === child.at && order < child.order)) break;
      timers[index] = child;
      child.index = index;
      index = childIndex;
    }
    timers[index] = timer;
    timer.index = index;
  }
}
