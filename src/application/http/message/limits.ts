/** What a message may take, so that no peer can fill the memory. Lengths are in octets. */
export interface MessageLimits {
  /** Empty lines before a message (RFC 9112 §2.2). */
  readonly emptyLines: number;
  /** The method; more is answered 501 (RFC 9112 §3). */
  readonly methodLength: number;
  /** The request target; more is answered 414. RFC 9112 §3 wants at least 8,000 for the request line. */
  readonly targetLength: number;
  /** The reason phrase of a response. */
  readonly reasonLength: number;
  /** All field lines of a head with their line ends; more is answered 431. */
  readonly fieldsLength: number;
  /** Field lines of a head; more is answered 431. */
  readonly fields: number;
  /** The content, as it stands after chunked is taken away; more is answered 413. */
  readonly contentLength: number;
  /** The extensions of one chunk, and those of all chunks as far as they are longer than the content so far. */
  readonly chunkExtensions: number;
  /** All field lines of a trailer section; more is answered 431. */
  readonly trailersLength: number;
  readonly trailers: number;
}

export const DEFAULT_LIMITS: MessageLimits = {
  emptyLines: 4,
  methodLength: 32,
  targetLength: 8_192,
  reasonLength: 1_024,
  fieldsLength: 32_768,
  fields: 128,
  contentLength: Number.MAX_SAFE_INTEGER,
  chunkExtensions: 4_096,
  trailersLength: 8_192,
  trailers: 32,
};
