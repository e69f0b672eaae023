import type { Duration } from "../../../time/instant.ts";
import type { MessageHead } from "../message/head.ts";
import type { ClientConnection, WireResponse } from "./connection.ts";
import type { WireRequest } from "./exchange.ts";
import type { Origin } from "./origin.ts";
import type { Lease, Pool } from "./pool.ts";

export interface AttemptOptions {
  /** Whether it may be sent again when nobody knows if it was carried out: an idempotent method, and a body that is still there. */
  readonly again: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly headTimeout?: Duration | undefined;
  readonly idleTimeout?: Duration | undefined;
  readonly onHead?: ((head: MessageHead, bytes: Uint8Array) => void) | undefined;
  /** Told before each sending which connection carries it. */
  readonly onLease?: ((lease: Lease<ClientConnection>) => void) | undefined;
}

/** A response, and the connection that its body still comes on: given back when that has ended. */
export interface Attempted {
  readonly response: WireResponse;
  readonly lease: Lease<ClientConnection>;
}

/**
 * Sends a request and reads the head of its response. Where the connection was used before and ended without a byte of an answer,
 * its peer may have closed it just as the request left: then it goes out once more, on a new one (RFC 9112 §9.3.1).
 */
export async function attempt(
  pool: Pool<Origin, ClientConnection>,
  origin: Origin,
  wire: WireRequest,
  options: AttemptOptions,
): Promise<Attempted> {
  const { again, signal, headTimeout, idleTimeout, onHead, onLease } = options;
  for (let fresh = false; ; fresh = true) {
    const lease = await pool.acquire(origin, { fresh, signal });
    onLease?.(lease);
    const onOver = (rest: Duration | undefined): void => lease.release(rest);
    try {
      const { connection } = lease;
      const response = await connection.exchange(wire, { signal, headTimeout, idleTimeout, onHead, onOver });
      return { response, lease };
    } catch (error) {
      lease.release(undefined);
      const silent = lease.reused && lease.connection.heard === 0;
      if (!again || !silent || !isClosed(error) || signal?.aborted) throw error;
    }
  }
}

/** Whether the peer has gone, as it does when a connection has rested for too long. */
function isClosed(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED" || code === "ENOTCONN";
}
