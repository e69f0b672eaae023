import type { IpAddress } from "../../address/ip.ts";
import type { Random } from "../../base/random.ts";
import { SipHash } from "../../base/siphash.ts";
import type { Instant } from "../../time/instant.ts";

/** Initial sequence numbers by RFC 6528 §3: ISN = M + F(local, remote, secret), with M a clock of 4 µs (MUST-8, SHLD-1). */
export class InitialSequence {
  readonly #hash: SipHash;

  /** @param random draws the secret, which never leaves this object (MUST-9) */
  constructor(random: Random) {
    this.#hash = new SipHash(Uint32Array.of(random.uint32(), random.uint32(), random.uint32(), random.uint32()));
  }

  /** The number with which a connection begins. */
  choose(now: Instant, local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): number {
    const clock = Math.floor(now / 4000) % 2 ** 32;
    return (this.#hash.hash(local, remote, (localPort << 16) | remotePort) + clock) | 0;
  }

  /** Where a connection's timestamps begin, so that they tell no host's uptime (RFC 7323 §7.1). */
  timestampOffset(local: IpAddress, remote: IpAddress): number {
    return this.#hash.hash(local, remote) | 0;
  }
}
