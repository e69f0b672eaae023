import type { Port } from "../address/endpoint.ts";
import type { Random } from "../base/random.ts";

/** The range from which a port is chosen for a program that names none: Linux's, inside RFC 6335 §6's (RFC 6056 §3.2). */
export const EPHEMERAL_FIRST = 32_768;
export const EPHEMERAL_LAST = 60_999;

/**
 * Chooses an ephemeral port at random and, where it is taken, the next that is free (RFC 6056 §3.3, §3.3.1).
 * @returns undefined when every port of the range is taken
 */
export function chooseEphemeral(random: Random, isFree: (port: Port) => boolean): Port | undefined {
  const count = EPHEMERAL_LAST - EPHEMERAL_FIRST + 1;
  const first = random.below(count);
  for (let turn = 0; turn < count; turn++) {
    const port = EPHEMERAL_FIRST + ((first + turn) % count);
    if (isFree(port)) return port;
  }
  return undefined;
}
