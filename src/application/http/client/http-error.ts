/** Where an exchange was when it failed. */
export type Phase =
  /** Before anything was sent: the name, the connection, the proxy's answer, the handshake of TLS. */
  | "connect"
  /** While the request was sent, and no answer had come. */
  | "send"
  /** Before the head of the response was whole. */
  | "head"
  /** While the body came. */
  | "body";

/** What stopped an exchange that no call of a socket names. */
export type HttpErrorCode =
  /** The peer closed before its answer was whole. */
  | "ECONNRESET"
  | "ETIMEDOUT"
  /** There is no TLS here. */
  | "EPROTONOSUPPORT"
  /** The client was closed. */
  | "ECANCELED"
  /** Too many wait for a connection. */
  | "ENOBUFS"
  /** The proxy did not make the tunnel. */
  | "EPROXY"
  /** What came is no HTTP; `HPE_…` as Node and llhttp name it. */
  | `HPE_${string}`;

/** Why an exchange failed. As in `fetch`, it is the `cause` of the TypeError that a caller gets. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly code: HttpErrorCode;
  readonly phase: Phase;

  constructor(code: HttpErrorCode, phase: Phase, message: string) {
    super(message);
    this.code = code;
    this.phase = phase;
  }
}
