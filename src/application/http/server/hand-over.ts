import { type Socket, SocketError } from "../../../socket/socket.ts";
import type { ConnectionHost } from "./connection-host.ts";
import type { Exchange } from "./exchange.ts";
import { PrefixedSocket } from "./prefixed-socket.ts";

/**
 * Gives a connection to who speaks another protocol on it, until that has ended.
 * @param held what was read already and belongs to it
 */
export async function handOver<Connection>(
  host: ConnectionHost<Connection>,
  exchange: Exchange,
  socket: Socket,
  held: Uint8Array,
): Promise<void> {
  try {
    await exchange.leaving?.take(held.length > 0 ? new PrefixedSocket(socket, held) : socket);
  } catch (error) {
    // What goes wrong with a connection is its own affair.
    if (!(error instanceof SocketError)) host.failed(error, exchange.method, exchange.target);
  }
}
