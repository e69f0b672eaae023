/** How much of a peer is borne. */
export interface WebSocketLimits {
  /** Bytes of one message, however many frames it comes in; past it the connection is closed with 1009. */
  readonly messageBytes: number;
  /** Frames of one message; past it the connection is closed with 1008. */
  readonly fragments: number;
  /** Messages a second on average, and at once; past it the connection is closed with 1008. */
  readonly messageRate: number;
  readonly messageBurst: number;
  /** The same of pings and pongs. */
  readonly controlRate: number;
  readonly controlBurst: number;
  /** Bytes that may wait for a peer that reads slowly; past it the connection is reset. */
  readonly queueBytes: number;
}

export const DEFAULT_LIMITS: WebSocketLimits = {
  messageBytes: 1_048_576,
  fragments: 4_096,
  messageRate: Number.POSITIVE_INFINITY,
  messageBurst: Number.POSITIVE_INFINITY,
  controlRate: 100,
  controlBurst: 1_000,
  queueBytes: 4_194_304,
};
