import { assert } from "../../base/assert.ts";
import type { Random } from "../../base/random.ts";
import { SipHash } from "../../base/siphash.ts";
import { type Duration, seconds } from "../../time/instant.ts";
import type { Ends } from "./connection.ts";
import { add, isAfter } from "./sequence.ts";

/** The counter inside cookies goes on by one in each (RFC 4987, appendix A). */
export const COOKIE_EPOCH: Duration = seconds(64);
/** Cookies of so many epochs are good, the present one included: an answer has 64 to 128 s. */
const EPOCHS_GOOD = 2;
/** How long after the last cookie was sent an ACK may bring one back. */
export const COOKIES_EXPECTED: Duration = (COOKIE_EPOCH * EPOCHS_GOOD) as Duration;

/** Largest segments that a cookie can name, ascending (Linux: msstab for IPv4). */
export const COOKIE_SEGMENT_SIZES = [536, 1300, 1440, 1460] as const;

/** Low bits of a cookie that hold the index of the segment size under a hash; above them stand the epoch's lowest eight. */
const COOKIE_BITS = 24;
const COOKIE_MASK = 2 ** COOKIE_BITS - 1;

/**
 * SYN cookies: an initial sequence number that says by itself, to who has the key, that we sent it in answer to a SYN of
 * these ends, when, and how large the peer's segments may be. So nothing is kept for a SYN (RFC 4987 §3.6, appendix A).
 */
export class SynCookies {
  readonly #hash: SipHash;

  /** @param random draws the key, which never leaves this object */
  constructor(random: Random) {
    this.#hash = new SipHash(Uint32Array.of(random.uint32(), random.uint32(), random.uint32(), random.uint32()));
  }

  /** @param irs number of the peer's SYN @param segmentSize its MSS option @returns the ISS of the SYN-ACK */
  make(now: number, ends: Ends, irs: number, segmentSize: number): number {
    const epoch = Math.floor(now / COOKIE_EPOCH);
    let index = COOKIE_SEGMENT_SIZES.length - 1;
    while (index > 0 && (COOKIE_SEGMENT_SIZES[index] as number) > segmentSize) index--;
    const low = (this.#keyed(ends, irs, epoch) + index) & COOKIE_MASK;
    return add(this.#base(ends, irs), (epoch << COOKIE_BITS) + low);
  }

  /** @returns the largest segment that the cookie allows, or undefined when it is none of ours or too old */
  check(now: number, ends: Ends, irs: number, cookie: number): number | undefined {
    const rest = add(cookie, -this.#base(ends, irs));
    const present = Math.floor(now / COOKIE_EPOCH);
    const age = (present - (rest >>> COOKIE_BITS)) & 0xff;
    if (age >= EPOCHS_GOOD || age > present) return undefined;
    return COOKIE_SEGMENT_SIZES[(rest - this.#keyed(ends, irs, present - age)) & COOKIE_MASK];
  }

  /** It grows with the peer's number, so that a later connection of the same ends has a later one. */
  #base(ends: Ends, irs: number): number {
    return add(this.#keyed(ends, 0, -1), irs);
  }

  /**
   * The peer's number goes in here as well: else a segment one, two or three bytes further on would bring a good cookie,
   * for a smaller size, and those bytes would be missing from the stream.
   */
  #keyed({ localAddress, remoteAddress, localPort, remotePort }: Ends, irs: number, epoch: number): number {
    return this.#hash.hash(localAddress, remoteAddress, (localPort << 16) | remotePort, irs, epoch);
  }
}

/** What a SYN-ACK's timestamp carries in its lowest bits, since a cookie has no room for it (as Linux). */
const TIMESTAMP_BITS = 6;
const TIMESTAMP_MASK = 2 ** TIMESTAMP_BITS - 1;
const SCALE_MASK = 0xf;
const NO_SCALE = SCALE_MASK;
const SACK_BIT = 0x10;
const ECN_BIT = 0x20;

/** What a cookie's timestamp tells of the connection. */
export interface CookieOffer {
  /** −1 for no scaling. */
  readonly windowScale: number;
  readonly sackPermitted: boolean;
  readonly ecnCapable: boolean;
}

/** The latest timestamp, not after `now`, whose lowest bits say what the peer's SYN offered. */
export function cookieTimestamp(now: number, { windowScale, sackPermitted, ecnCapable }: CookieOffer): number {
  assert(windowScale < NO_SCALE, "a shift is 14 at most");
  const scale = windowScale < 0 ? NO_SCALE : windowScale;
  const bits = scale | (sackPermitted ? SACK_BIT : 0) | (ecnCapable ? ECN_BIT : 0);
  const value = (now & ~TIMESTAMP_MASK) | bits;
  return isAfter(value, now) ? add(value, -(TIMESTAMP_MASK + 1)) : value;
}

/** @param value an echo of {@link cookieTimestamp} */
export function readCookieTimestamp(value: number): CookieOffer {
  const scale = value & SCALE_MASK;
  return {
    windowScale: scale === NO_SCALE ? -1 : scale,
    sackPermitted: (value & SACK_BIT) !== 0,
    ecnCapable: (value & ECN_BIT) !== 0,
  };
}
