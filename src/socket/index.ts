/** The sockets API, by itself: what programs are given and the helpers that stand on it. */
export type { SocketAddress } from "../address/endpoint.ts";
export type { Errno } from "../base/errno.ts";
export { type Duration, type Instant, milliseconds, seconds } from "../time/instant.ts";
export type { TcpInfo } from "../transport/tcp/info.ts";
export type { Clock } from "./clock.ts";
export { LITERAL_NAMES, NameError, type NameErrorCode, type Names } from "./names.ts";
export {
  type CallOptions,
  type Family,
  type Readiness,
  type ReceiveFlags,
  type ReceiveOptions,
  type SendOptions,
  type Socket,
  SocketError,
  type SocketOptions,
  type Sockets,
  type SocketType,
} from "./socket.ts";
export { chunks, connections, connectTcp, type ListenOptions, listenTcp, writeAll } from "./tcp.ts";
export * from "./tls.ts";
export { toWebStreams, type WebStreams } from "./web-streams.ts";
