/** curl's exit codes, as far as they can come about here. */
export const CurlExit = {
  OK: 0,
  UNSUPPORTED_PROTOCOL: 1,
  URL_MALFORMAT: 3,
  COULDNT_RESOLVE_PROXY: 5,
  COULDNT_RESOLVE_HOST: 6,
  COULDNT_CONNECT: 7,
  WEIRD_SERVER_REPLY: 8,
  PARTIAL_FILE: 18,
  HTTP_RETURNED_ERROR: 22,
  WRITE_ERROR: 23,
  UPLOAD_FAILED: 25,
  READ_ERROR: 26,
  OPERATION_TIMEDOUT: 28,
  SSL_CONNECT_ERROR: 35,
  TOO_MANY_REDIRECTS: 47,
  GOT_NOTHING: 52,
  SEND_ERROR: 55,
  RECV_ERROR: 56,
  SSL_CERTPROBLEM: 58,
  PEER_FAILED_VERIFICATION: 60,
  BAD_CONTENT_ENCODING: 61,
  FILESIZE_EXCEEDED: 63,
  SEND_FAIL_REWIND: 65,
  SSL_CACERT_BADFILE: 77,
} as const;

export type CurlExitCode = (typeof CurlExit)[keyof typeof CurlExit];

/** A transfer that failed, with its exit code; said as `curl: (6) Could not resolve host: x`. */
export class CurlError extends Error {
  override name = "CurlError";
  readonly exit: CurlExitCode;

  constructor(exit: CurlExitCode, message: string) {
    super(message);
    this.exit = exit;
  }
}
