import type { SocketAddress } from "../address/endpoint.ts";
import type { Socket } from "../socket/socket.ts";
import { listenTcp } from "../socket/tcp.ts";
import type { ProgramContext } from "./program.ts";
import { serveEach } from "./stream.ts";

/** What serves a port; each part goes on until the signal aborts. */
export interface TcpAndUdp {
  listening(local: SocketAddress): void;
  /** Serves one connection and need not close it. */
  stream(socket: Socket, signal: AbortSignal): Promise<void>;
  datagrams(socket: Socket, local: SocketAddress, signal: AbortSignal): Promise<void>;
}

/**
 * Serves a port on TCP and UDP until the program is to stop; when one of them fails, so does the other.
 * @param clients TCP connections at once; one more is closed at once
 */
export async function serveTcpAndUdp(
  context: ProgramContext,
  { address, port }: SocketAddress,
  clients: number,
  service: TcpAndUdp,
): Promise<void> {
  const datagrams = context.sockets.socket("inet", "dgram");
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  try {
    const listener = await listenTcp(context.sockets, { address, port });
    const local = listener.getsockname();
    const udp = datagrams
      .bind({ address, port: local.port })
      .then(() => service.listening(local))
      .then(() => service.datagrams(datagrams, local, signal))
      .catch((error: unknown) => failed.abort(error));
    await serveEach({ ...context, signal }, listener, clients, (socket) => service.stream(socket, signal));
    await udp;
  } finally {
    await datagrams.close();
  }
  if (!context.signal.aborted && failed.signal.aborted) throw failed.signal.reason;
}
