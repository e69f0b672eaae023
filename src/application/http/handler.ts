import type { SocketAddress } from "../../address/endpoint.ts";
import type { Socket } from "../../socket/socket.ts";
import type { TlsFacts } from "../../socket/tls.ts";
import type { HeadersInit } from "./headers.ts";
import type { Request } from "./request.ts";
import type { Response } from "./response.ts";

/**
 * What stands between a server and a program: for TypeScript what WSGI is for Python. It answers every request, or throws,
 * which the server answers by 500.
 */
export type Handler = (request: Request, info: RequestInfo) => AnyResponse | Promise<AnyResponse>;

/** Something wrapped around a handler: it may answer by itself, and change what goes in and what comes out. */
export type Middleware = (next: Handler) => Handler;

/** Our own Response, or one of the platform's, which is known by its shape. */
export type AnyResponse = Response | PlatformResponse;

/** As much of the Fetch standard's Response as a server needs. */
export interface PlatformResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** What a handler is told beside the request. */
export interface RequestInfo {
  /** Our end of the connection. */
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /** What the client speaks. */
  readonly version?: "HTTP/1.0" | "HTTP/1.1" | undefined;
  /** Present when the connection is ciphered. */
  readonly tls: TlsFacts | undefined;
  /** Aborts when the client has gone or the server is closed at once. */
  readonly signal: AbortSignal;
  /** Keeps the server from ending before this has: a graceful end waits for it. A rejection is logged. */
  waitUntil(work: Promise<unknown>): void;
  /**
   * Sends an interim response before the answer (RFC 9110 §15.2), such as 103 (Early Hints, RFC 8297). A client that speaks
   * HTTP/1.0 gets none, and nobody once the answer has begun.
   * @throws TypeError for a status but 102 to 199, or a header that cannot be sent
   */
  inform?(status: number, headers?: HeadersInit): void;
  /**
   * Leaves HTTP: makes the answer to return, 101 to an Upgrade (RFC 9110 §7.8) or 200 to a CONNECT (§9.3.6). When it is sent
   * `take` is given the connection, whose first bytes are what the client sent after the request; it is closed when the
   * promise ends.
   * @param headers of the answer; for 101 `Upgrade` and `Connection` are written by the server
   * @throws TypeError when the request asked for neither
   */
  upgrade(headers: Readonly<Record<string, string>>, take: (socket: Socket) => Promise<void>): Response;
}
