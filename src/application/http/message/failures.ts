/** What is wrong with a message, each with the status that a server answers it with and its clause. */
export const FAILURES = {
  "empty-lines": [400, "More empty lines before a message than allowed", "RFC 9112 §2.2"],
  "bare-cr": [400, "A CR without LF", "RFC 9112 §2.2"],
  "bare-lf": [400, "A line that ends in LF without CR", "RFC 9112 §2.2"],
  "space-before-fields": [400, "Whitespace between the start line and the first field", "RFC 9112 §2.2"],
  method: [400, "A method that is no token", "RFC 9112 §3.1"],
  "method-too-long": [501, "A method longer than any known", "RFC 9112 §3"],
  target: [400, "A request target with an octet that may not stand there", "RFC 9112 §3.2"],
  "target-form": [400, "A request target in a form that does not go with the method", "RFC 9112 §3.2"],
  "target-too-long": [414, "A request target longer than allowed", "RFC 9112 §3"],
  version: [400, "No HTTP version where it should stand", "RFC 9112 §2.3"],
  "version-unsupported": [505, "A major version other than 1", "RFC 9110 §15.6.6"],
  status: [400, "A status that is not of three digits", "RFC 9112 §4"],
  reason: [400, "A reason phrase with an octet that may not stand there", "RFC 9112 §4"],
  "reason-too-long": [400, "A reason phrase longer than allowed", "RFC 9112 §4"],
  "field-name": [400, "A field name that is no token", "RFC 9112 §5"],
  "space-before-colon": [400, "Whitespace between a field name and its colon", "RFC 9112 §5.1"],
  "field-value": [400, "A control character in a field value", "RFC 9110 §5.5"],
  "folded-line": [400, "A field line folded over several lines", "RFC 9112 §5.2"],
  "fields-too-large": [431, "A field section longer than allowed", "RFC 6585 §5"],
  "too-many-fields": [431, "More fields than allowed", "RFC 6585 §5"],
  "host-missing": [400, "HTTP/1.1 without Host", "RFC 9112 §3.2"],
  "host-twice": [400, "More than one Host", "RFC 9112 §3.2"],
  host: [400, "A Host that is no host and port", "RFC 9112 §3.2"],
  "content-length": [400, "A Content-Length that is no number", "RFC 9112 §6.3"],
  "content-length-twice": [400, "More than one Content-Length", "RFC 9112 §6.3"],
  "content-too-large": [413, "More content than allowed", "RFC 9110 §15.5.14"],
  "transfer-coding": [400, "A Transfer-Encoding that does not end in one chunked", "RFC 9112 §6.3"],
  "transfer-coding-unknown": [501, "A transfer coding other than chunked", "RFC 9112 §6.1"],
  "transfer-coding-in-1.0": [400, "Transfer-Encoding in HTTP/1.0", "RFC 9112 §6.1"],
  "transfer-coding-and-length": [400, "Both Transfer-Encoding and Content-Length", "RFC 9112 §6.1"],
  "content-in-connect": [400, "CONNECT with content", "RFC 9110 §9.3.6"],
  "chunk-size": [400, "A chunk size that is no hexadecimal number", "RFC 9112 §7.1"],
  "chunk-extension": [400, "A chunk extension against the grammar", "RFC 9112 §7.1.1"],
  "chunk-extensions-too-large": [400, "Chunk extensions longer than allowed", "RFC 9112 §7.1.1"],
  "chunk-end": [400, "A chunk that does not end where its size says", "RFC 9112 §7.1"],
  "data-after-close": [400, "More after a message that was to be the last", "RFC 9112 §9.6"],
  truncated: [400, "The connection ended within the message", "RFC 9112 §8"],
} as const satisfies Readonly<Record<string, readonly [status: number, text: string, clause: string]>>;

/** The name of what is wrong. */
export type FailureCode = keyof typeof FAILURES;

/**
 * Why a message cannot be read. The connection is of no use any more: where the message ends is in doubt.
 *
 * Some statuses are no business of a parser and so never stand here; a server gives them: 405, 411 (content without a
 * length is legal, a resource may want to know it), 417 (`MessageHead.expectation`), 421, 426, 429, 503, and 408 by its
 * clock. Of 501 a parser gives what concerns framing; methods that a server does not know are the server's to refuse.
 */
export interface Failure {
  /** What a server answers; of no meaning where a response could not be read. */
  readonly status: number;
  readonly code: FailureCode;
}

/** One of each, so that refusing costs no memory. */
const MADE = new Map<FailureCode, Failure>(
  Object.entries(FAILURES).map(([code, [status]]) => [code as FailureCode, { status, code: code as FailureCode }]),
);

export const failureOf = (code: FailureCode): Failure => MADE.get(code) as Failure;
