import type { SocketAddress } from "../address/endpoint.ts";
import { type CallOptions, type Socket, SocketError, type Sockets } from "./socket.ts";

/** Bytes that one step of {@link chunks} asks for. */
const CHUNK = 65_536;

export interface ListenOptions {
  /** Connections that may wait to be accepted; 128 unless told. */
  readonly backlog?: number;
}

/**
 * Opens a connection.
 * @throws SocketError as `connect` does; the signal's reason when it aborts. The socket is closed then
 */
export async function connectTcp(sockets: Sockets, to: SocketAddress, options?: CallOptions): Promise<Socket> {
  const socket = sockets.socket("inet", "stream");
  return keepOrClose(socket, () => socket.connect(to, options));
}

/**
 * Listens on a port, also on one whose last connections are still in TIME-WAIT, as servers do.
 * @throws SocketError as `bind` and `listen` do. The socket is closed then
 */
export async function listenTcp(sockets: Sockets, at: SocketAddress, options: ListenOptions = {}): Promise<Socket> {
  const socket = sockets.socket("inet", "stream");
  return keepOrClose(socket, async () => {
    reuseAddress(socket);
    await socket.bind(at);
    await socket.listen(options.backlog);
  });
}

/** A maker that decides this itself refuses it. */
function reuseAddress(socket: Socket): void {
  try {
    socket.setsockopt("SO_REUSEADDR", true);
  } catch (error) {
    if (!(error instanceof SocketError && error.code === "ENOPROTOOPT")) throw error;
  }
}

async function keepOrClose(socket: Socket, work: () => Promise<void>): Promise<Socket> {
  try {
    await work();
    return socket;
  } catch (error) {
    await socket.close();
    throw error;
  }
}

/** The connections of a listening socket as they come, until it is closed. Leaving the loop does not close it. */
export async function* connections(listener: Socket, options?: CallOptions): AsyncGenerator<Socket, void, void> {
  for (;;) {
    let socket: Socket;
    try {
      socket = await listener.accept(options);
    } catch (error) {
      if (isClosed(error)) return;
      throw error;
    }
    yield socket;
  }
}

/** What arrives on a stream, piece by piece, until its end. Leaving the loop does not close it. */
export async function* chunks(socket: Socket, options?: CallOptions): AsyncGenerator<Uint8Array, void, void> {
  for (;;) {
    const chunk = await socket.recv(CHUNK, options);
    if (chunk.length === 0) return;
    yield chunk;
  }
}

/**
 * Sends all bytes. `send` resolves with a count when it was ended half way; this goes on instead, so that it ends with
 * the reason.
 * @throws SocketError as `send` does
 */
export async function writeAll(socket: Socket, data: Uint8Array, options?: CallOptions): Promise<void> {
  let rest = data;
  do {
    rest = rest.subarray(await socket.send(rest, options));
  } while (rest.length > 0);
}

const isClosed = (error: unknown): boolean => error instanceof SocketError && error.code === "EBADF";
