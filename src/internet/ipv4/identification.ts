import type { IpAddress } from "../../address/ip.ts";
import type { Random } from "../../base/random.ts";

/** Counters; destinations share them by hash (RFC 7739 §5.4; Linux `ip_idents`). */
const COUNTERS = 2048;

/**
 * Identifications for datagrams that may be cut (RFC 6864 §4.3): one counter per pair of hosts and protocol, each begun
 * at random, so that none comes again before 65,536 datagrams went the same way and a stranger cannot count our traffic.
 */
export class Identifications {
  readonly #next = new Uint16Array(COUNTERS);
  readonly #key: number;

  constructor(random: Random) {
    this.#key = random.uint32() | 1;
    for (let index = 0; index < COUNTERS; index++) this.#next[index] = random.uint32();
  }

  /** @param count of datagrams in a row that are numbered from it on */
  next(source: IpAddress, destination: IpAddress, protocol: number, count = 1): number {
    let hash = Math.imul(destination ^ this.#key, 0x9e3779b1) ^ Math.imul(source + protocol, 0x85ebca6b);
    hash ^= hash >>> 15;
    const index = Math.imul(hash, this.#key) >>> 21;
    const identification = this.#next[index] as number;
    this.#next[index] = identification + count;
    return identification;
  }
}
