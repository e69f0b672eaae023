import type { Clock } from "../../../socket/clock.ts";
import { after, type Duration, type Instant } from "../../../time/instant.ts";

/** How much later a deadline is than it should be, as a part of its duration: what is put off often is not moved each time. */
const SLACK = 1 / 16;

/** Something that has at most one deadline at a time. */
export abstract class Expiring {
  /** The list in which it waits, and its place in there. */
  waitsIn: Deadlines | undefined = undefined;
  deadline: Instant = 0 as Instant;
  earlier: Expiring | undefined = undefined;
  later: Expiring | undefined = undefined;

  abstract expire(list: Deadlines): void;
}

/**
 * Deadlines that are all the same time away when they are set: so the last one set is the last to come, and one timer of the
 * clock does for any number. Setting one moves a link in a list.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #duration: Duration;
  #first: Expiring | undefined = undefined;
  #last: Expiring | undefined = undefined;
  #cancel: (() => void) | undefined = undefined;

  constructor(clock: Clock, duration: Duration) {
    this.#clock = clock;
    this.#duration = duration;
  }

  /**
   * Whether a deadline that is to be put off, again and again, should be set anew: that is so only when it has come a little
   * nearer, since what is set is {@link SLACK} later than the duration says.
   */
  isStale(each: Expiring, now: Instant): boolean {
    return each.deadline - now < this.#duration;
  }

  /** Sets the deadline, in place of any it has. */
  set(each: Expiring, now: Instant): void {
    if (each.waitsIn !== undefined) each.waitsIn.clear(each);
    each.deadline = after(now, this.#duration * (1 + SLACK));
    each.waitsIn = this;
    each.earlier = this.#last;
    if (this.#last === undefined) this.#first = each;
    else this.#last.later = each;
    this.#last = each;
    if (this.#cancel === undefined) this.#wait((each.deadline - now) as Duration);
  }

  clear(each: Expiring): void {
    const { earlier, later } = each;
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    each.earlier = undefined;
    each.later = undefined;
    each.waitsIn = undefined;
  }

  /** Forgets the timer; to be called when nothing will be set any more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(duration: Duration): void {
    this.#cancel = this.#clock.after(duration, () => this.#expire());
  }

  #expire(): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    for (let each = this.#first; each !== undefined && each.deadline <= now; each = this.#first) {
      this.clear(each);
      each.expire(this);
    }
    // One that expired may have set another, and so the timer.
    if (this.#first !== undefined && this.#cancel === undefined) this.#wait((this.#first.deadline - now) as Duration);
  }
}
