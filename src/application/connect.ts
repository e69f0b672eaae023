import type { SocketAddress } from "../address/endpoint.ts";
import { type CallOptions, type Socket, SocketError } from "../socket/socket.ts";
import { connectTcp } from "../socket/tcp.ts";
import type { ProgramContext } from "./program.ts";

/**
 * Opens a connection to a host by its name or address: to the first of its addresses that takes it.
 * @throws NameError when there is no address; SocketError as `connect` does, of the first; the signal's reason
 */
export async function connectTo(
  { sockets, names }: Pick<ProgramContext, "sockets" | "names">,
  { address: host, port }: SocketAddress,
  options: CallOptions = {},
): Promise<Socket> {
  let refused: unknown;
  for (const address of await names.lookup(host, options)) {
    try {
      return await connectTcp(sockets, { address, port }, options);
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof SocketError)) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

/** The first address of a host by its name, for datagrams. @throws NameError, the signal's reason */
export async function resolveFirst(
  { names }: Pick<ProgramContext, "names">,
  { address: host, port }: SocketAddress,
  options: CallOptions = {},
): Promise<SocketAddress> {
  const [address = host] = await names.lookup(host, options);
  return { address, port };
}
