import { type Duration, seconds } from "../../../time/instant.ts";
import { DEFAULT_LIMITS, type MessageLimits } from "../message/limits.ts";

/** What clients may take of a server. Lengths are in bytes; those of messages are {@link MessageLimits}. */
export interface ServerLimits extends MessageLimits {
  /** Connections at once; one more is answered 503 and closed. */
  readonly connections: number;
  /** Connections of one address at once; one more is answered 429 and closed. */
  readonly connectionsPerAddress: number;
  /** Requests on one connection, which is closed after the last. */
  readonly requestsPerConnection: number;
  /** For the whole head of a request, from its first byte; then 408. Also for a TLS handshake. */
  readonly headTime: Duration;
  /** Between requests, and before the first; then the connection is closed without a word. */
  readonly idleTime: Duration;
  /**
   * How long a body, or an answer that the client does not take, may go slower than {@link minimumRate}; then 408 where
   * nothing has been answered yet, or the connection is cut.
   */
  readonly rateTime: Duration;
  /** Bytes a second, on average over {@link rateTime}. */
  readonly minimumRate: number;
  /** Of a body, arrived and not read by the handler; beyond it the client has to wait. */
  readonly bodyAhead: number;
  /** Of a body that no handler read, taken and dropped so that the connection can go on; with more to come it is closed. */
  readonly drain: number;
  /** How long a closed connection is still read, so that the client gets to read the last answer (RFC 9112 §9.6). */
  readonly lingerTime: Duration;
}

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  ...DEFAULT_LIMITS,
  connections: 16_384,
  connectionsPerAddress: 8_192,
  requestsPerConnection: 1_000_000,
  headTime: seconds(10),
  idleTime: seconds(60),
  rateTime: seconds(10),
  minimumRate: 100,
  bodyAhead: 65_536,
  drain: 262_144,
  lingerTime: seconds(2),
};

/** @param moved bytes within {@link ServerLimits.rateTime} */
export const isTooSlow = (moved: number, { minimumRate, rateTime }: ServerLimits): boolean =>
  moved < (minimumRate * rateTime) / 1e9;
