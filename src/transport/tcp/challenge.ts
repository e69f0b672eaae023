import type { Random } from "../../base/random.ts";
import { type Duration, seconds } from "../../time/instant.ts";

/** Silent time before an answer to segments that may be forged is repeated on one connection (Linux: tcp_invalid_ratelimit). */
export const CHALLENGE_INTERVAL: Duration = seconds(0.5);

/** Who answers segments that may be forged: a connection, or a request for one. */
export interface Challenged {
  lastChallengeAt: number;
}

/**
 * Whether a segment outside the window that brings nothing is answered: were it always, two ends that each hold the
 * other's numbers for wrong would answer each other for ever.
 */
export function mayAnswer(who: Challenged, now: number): boolean {
  if (now - who.lastChallengeAt < CHALLENGE_INTERVAL) return false;
  who.lastChallengeAt = now;
  return true;
}

/**
 * Challenge ACKs of a whole host (RFC 5961 §7). A fixed number a second would tell who counts them whether somebody else's
 * connection had one (CVE-2016-5696), so each second has a budget of its own, half the limit to one and a half, as Linux.
 */
export class ChallengeLimit {
  readonly #random: Random;
  readonly #limit: number;
  #second = -1;
  #left = 0;
  readonly counters = { sent: 0, withheld: 0 };

  /** @param limit so many a second on average; 0 for no limit but each connection's own */
  constructor(random: Random, limit: number) {
    this.#random = random;
    this.#limit = limit;
  }

  /** Whether a RST, a SYN or an ACK of something never sent is answered by a challenge (RFC 5961 §3.2, §4.2, §5.2). */
  mayChallenge(who: Challenged, now: number): boolean {
    const may = mayAnswer(who, now) && this.#take(now);
    this.counters[may ? "sent" : "withheld"]++;
    return may;
  }

  #take(now: number): boolean {
    if (this.#limit === 0) return true;
    const second = Math.floor(now / 1e9);
    if (second !== this.#second) {
      this.#second = second;
      this.#left = Math.ceil(this.#limit / 2) + this.#random.below(this.#limit);
    }
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }
}
