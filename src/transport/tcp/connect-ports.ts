import type { Port } from "../../address/endpoint.ts";
import type { IpAddress } from "../../address/ip.ts";
import type { Random } from "../../base/random.ts";
import { SipHash } from "../../base/siphash.ts";
import { EPHEMERAL_FIRST, EPHEMERAL_LAST } from "../ports.ts";

/** Counters that the destinations share, as many as to keep a stranger from seeing how often we connect elsewhere (TABLE_LENGTH). */
const COUNTERS = 256;
const COUNT = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1;

/** Whether a connection from that local end to that remote end may be begun. */
export type IsFree = (local: IpAddress, localPort: Port, remote: IpAddress, remotePort: Port) => boolean;

/**
 * Chooses the local ports of connections that we open, by double hashing (RFC 6056 §3.3, §3.3.4, as Linux): to one destination
 * one after another, from a start that only we know. The port used last comes round last, so that connections in
 * TIME-WAIT are hardly ever in the way.
 */
export class ConnectPorts {
  readonly #isFree: IsFree;
  readonly #hash: SipHash;
  readonly #counters: Uint32Array;

  /** @param random draws the secret and where the counters begin */
  constructor(random: Random, isFree: IsFree) {
    this.#isFree = isFree;
    this.#hash = new SipHash(Uint32Array.from({ length: 4 }, () => random.uint32()));
    this.#counters = Uint32Array.from({ length: COUNTERS }, () => random.below(COUNT));
  }

  /** @returns undefined when every port is taken */
  choose(local: IpAddress, remote: IpAddress, remotePort: Port): Port | undefined {
    const hash = this.#hash.hash(local, remote, remotePort);
    const index = hash % COUNTERS;
    const first = Math.floor(hash / COUNTERS) + (this.#counters[index] as number);
    for (let turn = 0; turn < COUNT; turn++) {
      const port = EPHEMERAL_FIRST + ((first + turn) % COUNT);
      if (!this.#isFree(local, port, remote, remotePort)) continue;
      this.#counters[index] = ((this.#counters[index] as number) + turn + 1) % COUNT;
      return port;
    }
    return undefined;
  }
}
