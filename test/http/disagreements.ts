/** Where our parser and llhttp read a case differently, and on what ours rests. test/http/llhttp.test.ts holds that these are all. */
export interface Disagreement {
  readonly why: string;
  readonly clause: string;
  /** Whether the two agree when each request that lacks a Host is given one. */
  readonly host?: true;
  readonly cases: readonly string[];
}

export const DISAGREEMENTS: readonly Disagreement[] = [
  {
    why: "HTTP/1.1 without Host is answered 400; with a Host put in, the readings agree",
    clause: "RFC 9112 §3.2",
    host: true,
    cases: [
      "request/connection: `keep-alive` / Setting flag",
      "request/connection: `keep-alive` / Restarting when keep-alive is explicitly",
      "request/connection: `close` / Setting flag on `close` followed by tab",
      "request/connection: Parsing multiple tokens / Sample",
      "request/connection: Parsing multiple tokens / Multiple tokens with folding and LWS",
      "request/content-length: Content-Length header / `Content-Length` with zeroes",
      "request/content-length: Content-Length header / `Content-Length` with follow-up headers",
      "request/content-length: Content-Length header / Spaces in `Content-Length` (surrounding)",
      "request/method: Methods / REPORT request",
      "request/pausing: Pausing / on_url_complete",
      "request/pausing: Pausing / on_version_complete",
      "request/pausing: Pausing / on_header_value_complete",
      "request/pausing: Pausing / on_chunk_extension_name",
      "request/pausing: Pausing / on_chunk_complete",
      "request/sample: Sample requests / Request with method starting with `H`",
      "request/sample: Sample requests / DUMBPACK",
      "request/sample: Sample requests / No headers and no body",
      "request/sample: Sample requests / One header and no body",
      "request/sample: Sample requests / Extended Characters",
      "request/sample: Sample requests / 255 ASCII in header value",
      "request/transfer-encoding: `chunked` / Parsing and setting flag",
      "request/transfer-encoding: `chunked` / Parse chunks with lowercase size",
      "request/transfer-encoding: `chunked` / Parse chunks with uppercase size",
      "request/transfer-encoding: `chunked` / Unbalanced chunk extensions quoting",
      "request/transfer-encoding: Transfer-Encoding header / Missing last-chunk",
      "request/transfer-encoding: Transfer-Encoding header / Validate chunk parameters",
      "request/transfer-encoding: Transfer-Encoding header / Space after chunk header",
      "request/uri: URI / Host terminated by a query string",
      "request/uri: URI / `host:port` terminated by a space",
    ],
  },
  {
    why: "Its lenient modes: there is one way of reading here",
    clause: "RFC 9112 §2.2, §5.1, §5.2, §6.1, §7.1, §9.6",
    cases: [
      "request/connection: `keep-alive` / Resetting flags when keep-alive is off (1.0, lenient)",
      "request/connection: `close` / CRLF between requests, explicit `close` (lenient)",
      "request/content-length: Content-Length header / Missing CRLF-CRLF before body (lenient)",
      "request/invalid: Invalid space after start line / Only LFs present (lenient)",
      "request/invalid: Invalid space after start line / Spaces before headers (lenient)",
      "request/lenient-header-value-relaxed: Relaxed header value character parsing / Control char in header value (relaxed)",
      "request/lenient-headers: Header value / Empty headers separated by CR (lenient)",
      "request/lenient-version: Lenient HTTP version parsing / Invalid HTTP version (lenient)",
      "request/sample: Sample requests / X-SSL-Nonsense",
      "request/transfer-encoding: Transfer-Encoding header / POST with `chunked` before other transfer-coding (lenient)",
      "request/transfer-encoding: Transfer-Encoding header / Invalid OBS fold after chunked value",
      "request/transfer-encoding: Transfer-Encoding header / Space after chunk header (lenient)",
      "response/connection: Connection header / HTTP/1.1 with keep-alive disabled, content-length (lenient)",
      "response/invalid: Invalid space after start line / Only LFs present and no body (lenient)",
      "response/invalid: Invalid responses / Bare CR after response line (lenient)",
      "response/sample: Sample responses / No carriage ret (lenient)",
    ],
  },
  {
    why: "`*` is the target of OPTIONS alone",
    clause: "RFC 9112 §3.2.4",
    cases: ["request/method: Methods / M-SEARCH request", "request/method: Methods / PRI request HTTP2"],
  },
  {
    why: "RTSP and ICE are other protocols",
    clause: "RFC 9112 §2.3",
    cases: [
      "request/method: Methods / ANNOUNCE request with RTSP",
      "response/sample: Sample responses / RTSP response",
      "response/sample: Sample responses / ICE response",
    ],
  },
  {
    why: "A fragment is no part of a request target; llhttp leaves that to whoever reads the URL",
    clause: "RFC 9112 §3.2",
    cases: [
      "request/transfer-encoding: Transfer-Encoding header / POST with `chunked` as last transfer-encoding (multiple headers)",
    ],
  },
  {
    why: "Userinfo in a target is an error",
    clause: "RFC 9110 §4.2.4",
    cases: ["request/uri: URI / `host:port` and basic auth"],
  },
  {
    why: "Major versions other than 1",
    clause: "RFC 9110 §2.5",
    cases: ["response/sample: Sample responses / HTTP version 0.9"],
  },
];

/** Where our parser and h11 read mutated messages differently. test/http/h11.test.ts holds that these are all. */
export interface Difference {
  /** As `difference` of h11.ts words it. */
  readonly how: string;
  readonly why: string;
  readonly clause: string;
  /** Whether the messages of a short run may lack it. */
  readonly rare?: true;
}

export const H11_DIFFERENCES: readonly Difference[] = [
  {
    how: "refused here: host",
    why: "h11 does not look at the value of Host",
    clause: "RFC 9112 §3.2",
  },
  {
    how: "refused here: target-form",
    why: "h11 takes any visible characters for a target",
    clause: "RFC 9112 §3.2",
  },
  {
    how: "refused here: target",
    why: "h11 takes a fragment for a part of the target",
    clause: "RFC 9112 §3.2",
    rare: true,
  },
  {
    how: "refused here: bare-lf",
    why: "h11 takes a lone LF for a line end, as a recipient may; two that differ there can be played against each other",
    clause: "RFC 9112 §2.2",
  },
  {
    how: "refused here: bare-cr",
    why: "h11 lets a CR be in a chunk extension",
    clause: "RFC 9112 §2.2",
  },
  {
    how: "refused here: field-value",
    why: "h11 lets control characters other than NUL be in a value",
    clause: "RFC 9110 §5.5",
  },
  {
    how: "refused here: reason",
    why: "h11 lets control characters be in a reason phrase",
    clause: "RFC 9112 §4",
  },
  {
    how: "refused here: status",
    why: "the first digit of a status is its class, and there is no class 0",
    clause: "RFC 9110 §15",
    rare: true,
  },
  {
    how: "refused here: version-unsupported",
    why: "h11 reads any version as 1.1",
    clause: "RFC 9110 §2.5",
  },
  {
    how: "refused here: host-missing",
    why: "h11 wants a Host of version 1.1 alone, not of later ones of its major version",
    clause: "RFC 9110 §2.5",
  },
  {
    how: "refused here: chunk-extension",
    why: "h11 takes anything up to the line end, and whitespace after the size",
    clause: "RFC 9112 §7.1.1",
  },
  {
    how: "refused here: folded-line",
    why: "h11 unfolds in requests and trailers too; a server may refuse",
    clause: "RFC 9112 §5.2",
  },
  {
    how: "refused here: content-length-twice",
    why: "h11 takes lengths that agree as one; refusing them in a request is as good",
    clause: "RFC 9110 §8.6",
  },
  {
    how: "refused here: transfer-coding-and-length",
    why: "h11 goes by Transfer-Encoding; a server may refuse",
    clause: "RFC 9112 §6.3",
  },
  {
    how: "refused here: transfer-coding-in-1.0",
    why: "h11 reads the chunks; the framing is to be treated as faulty",
    clause: "RFC 9112 §6.1",
  },
  {
    how: "refused here: content-in-connect",
    why: "a request for a tunnel has no content, and what follows it is the tunnel's",
    clause: "RFC 9110 §9.3.6",
    rare: true,
  },
  {
    how: "refused there: no request line received",
    why: "h11 takes two line ends before a message for an empty head",
    clause: "RFC 9112 §2.2",
  },
  {
    how: "refused there: no response line received",
    why: "h11 takes two line ends before a message for an empty head",
    clause: "RFC 9112 §2.2",
  },
  {
    how: "refused there: Only Transfer-Encoding: chunked is supported",
    why: "codings of a response that are not known here are left to the client, which knows where the content ends",
    clause: "RFC 9112 §6.3",
  },
  {
    how: "refused there: multiple Transfer-Encoding headers",
    why: "several lines are one list",
    clause: "RFC 9110 §5.3",
  },
  {
    how: "refused there: bad Content-Length",
    why: "responses that have no content whatever it says are not refused for it",
    clause: "RFC 9112 §6.3",
  },
  {
    how: "refused there: conflicting Content-Length headers",
    why: "responses that have no content whatever it says are not refused for it",
    clause: "RFC 9112 §6.3",
    rare: true,
  },
];
