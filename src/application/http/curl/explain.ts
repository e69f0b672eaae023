import { errnoText } from "../../../base/errno-text.ts";
import { NameError } from "../../../socket/names.ts";
import { SocketError } from "../../../socket/socket.ts";
import { TlsError } from "../../../socket/tls.ts";
import { HttpError } from "../client/http-error.ts";
import { CurlError, CurlExit } from "./curl-error.ts";

/** What is known where something went wrong. */
export interface Circumstances {
  readonly proxied: boolean;
  readonly host: string;
  readonly port: number;
  /** Milliseconds since the transfer began. */
  readonly elapsed: number;
  /** Bytes of the answer so far. */
  readonly heard: number;
  /** Bytes of the body that are still to come; undefined where that is not known. */
  readonly remaining: number | undefined;
}

/** An error as curl tells it. */
export function explain(error: unknown, about: Circumstances): CurlError {
  if (error instanceof CurlError) return error;
  if (error instanceof NameError) {
    return about.proxied
      ? new CurlError(CurlExit.COULDNT_RESOLVE_PROXY, `Could not resolve proxy: ${error.hostname}`)
      : new CurlError(CurlExit.COULDNT_RESOLVE_HOST, `Could not resolve host: ${error.hostname}`);
  }
  if (error instanceof TlsError) return explainTls(error);
  if (error instanceof HttpError) return explainHttp(error, about);
  if (error instanceof SocketError) return explainSocket(error, about);
  const message = error instanceof Error ? error.message : String(error);
  const isCoding =
    error instanceof TypeError || /^(Z_|ERR__ERROR|ERR_BROTLI)/.test(String((error as { code?: unknown }).code));
  if (isCoding)
    return new CurlError(CurlExit.BAD_CONTENT_ENCODING, `Error while processing content unencoding: ${message}`);
  return new CurlError(CurlExit.RECV_ERROR, message);
}

/** Of certificates that do not verify; everything else is a handshake that failed. */
const UNVERIFIED = /CERT|SELF_SIGNED|UNABLE_TO|HOSTNAME|ALTNAME|ISSUER/;

function explainTls({ code, message }: TlsError): CurlError {
  if (UNVERIFIED.test(code)) {
    return new CurlError(CurlExit.PEER_FAILED_VERIFICATION, `SSL certificate problem: ${message}`);
  }
  return new CurlError(CurlExit.SSL_CONNECT_ERROR, message);
}

function explainHttp({ code, phase, message }: HttpError, about: Circumstances): CurlError {
  if (code === "EPROTONOSUPPORT") return new CurlError(CurlExit.UNSUPPORTED_PROTOCOL, message);
  if (code === "ETIMEDOUT") {
    const what = phase === "connect" ? "Connection timed out" : "Operation timed out";
    return new CurlError(CurlExit.OPERATION_TIMEDOUT, `${what} after ${about.elapsed} milliseconds`);
  }
  if (code === "EPROXY") {
    const status = /: (\d{3})/.exec(message)?.[1];
    const tunnel = status === undefined ? message : `CONNECT tunnel failed, response ${status}`;
    return new CurlError(CurlExit.RECV_ERROR, tunnel);
  }
  if (code === "ECONNRESET") return explainEnd(phase === "body", about);
  if (phase === "head" && code === "HPE_INVALID_CONSTANT") {
    return new CurlError(CurlExit.UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed");
  }
  if (phase === "head" && code.includes("VERSION")) {
    return new CurlError(CurlExit.UNSUPPORTED_PROTOCOL, "Unsupported HTTP version in response");
  }
  if (code.includes("CHUNK")) {
    return new CurlError(CurlExit.RECV_ERROR, "Illegal or missing hexadecimal sequence in chunked-encoding");
  }
  return new CurlError(CurlExit.WEIRD_SERVER_REPLY, message);
}

function explainEnd(inBody: boolean, { heard, remaining }: Circumstances): CurlError {
  if (!inBody) {
    return heard === 0
      ? new CurlError(CurlExit.GOT_NOTHING, "Empty reply from server")
      : new CurlError(CurlExit.RECV_ERROR, "The server closed within the head of its answer");
  }
  const what = remaining === undefined ? "outstanding read data remaining" : `${remaining} bytes remaining to read`;
  return new CurlError(CurlExit.PARTIAL_FILE, `transfer closed with ${what}`);
}

function explainSocket({ code, syscall }: SocketError, { host, port, elapsed }: Circumstances): CurlError {
  const words = errnoText(code);
  if (syscall === "connect" || syscall === "socket") {
    const where = `Failed to connect to ${host} port ${port} after ${elapsed} ms`;
    if (code === "ETIMEDOUT") return new CurlError(CurlExit.OPERATION_TIMEDOUT, `${where}: Timeout was reached`);
    return new CurlError(CurlExit.COULDNT_CONNECT, `${where}: Couldn't connect to server`);
  }
  if (syscall === "send" || code === "EPIPE") return new CurlError(CurlExit.SEND_ERROR, `Send failure: ${words}`);
  return new CurlError(CurlExit.RECV_ERROR, `Recv failure: ${words}`);
}
