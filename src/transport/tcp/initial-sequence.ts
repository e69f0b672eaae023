import type { IpAddress } from "../../address/ip.ts";
import type { Random } from "../../base/random.ts";
import { SipHash } from "../../base/siphash.ts";
import type { Ends } from "./connection.ts";
import { add, isAfter } from "./sequence.ts";

/** As Linux: a whole window, not scaled, after the last number. */
const ISS_STEP = 65_537;

/** Initial sequence numbers by RFC 6528 §3: ISN = M + F(local, remote, secret), with M a clock of 4 µs. */
export class InitialSequence {
  readonly #hash: SipHash;

  /** @param random draws the secret, which never leaves this object (MUST-9) */
  constructor(random: Random) {
    this.#hash = new SipHash(Uint32Array.of(random.uint32(), random.uint32(), random.uint32(), random.uint32()));
  }

  /** The number with which a connection begins. */
  choose(now: number, local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): number {
    const clock = Math.floor(now / 4000) % 2 ** 32; // MUST-8
    return (this.#hash.hash(local, remote, (localPort << 16) | remotePort) + clock) | 0; // SHLD-1
  }

  /**
   * The number with which a connection of the same ends begins after another: past every number of that one, which may
   * have been faster than the clock (RFC 9293 §3.10.7.4, MAY-2; RFC 6191 §2). @param last SND.NXT of the one before
   */
  after(last: number | undefined, now: number, { localAddress, localPort, remoteAddress, remotePort }: Ends): number {
    const chosen = this.choose(now, localAddress, localPort, remoteAddress, remotePort);
    return last === undefined || isAfter(chosen, last) ? chosen : add(last, ISS_STEP);
  }

  /** Where a connection's timestamps begin, so that they tell no host's uptime (RFC 7323 §7.1). */
  timestampOffset(local: IpAddress, remote: IpAddress): number {
    return this.#hash.hash(local, remote) | 0;
  }
}
