import type { Clock } from "../../../socket/clock.ts";
import { type Socket, SocketError } from "../../../socket/socket.ts";
import { writeAll } from "../../../socket/tcp.ts";
import type { Duration } from "../../../time/instant.ts";
import { tryOption } from "../../stream.ts";

const CHUNK = 65_536;

/**
 * Passes bytes between two connections until both directions have ended, one has failed, or neither has carried anything for
 * too long. Both are closed then.
 * @param first what the upstream has said already
 */
export async function tunnel(
  client: Socket,
  upstream: Socket,
  first: Uint8Array,
  clock: Clock,
  idle: Duration,
): Promise<void> {
  let last = clock.now();
  const carry = async (from: Socket, to: Socket): Promise<void> => {
    for (;;) {
      const left = last + idle - clock.now();
      const bytes = await receive(from, Math.max(1, left) as Duration);
      if (bytes === undefined) {
        if (clock.now() >= last + idle) throw new SocketError("ETIMEDOUT", "recv");
        continue;
      }
      if (bytes.length === 0) break;
      last = clock.now();
      await writeAll(to, bytes, { timeout: idle });
      last = clock.now();
    }
    await to.shutdown("write");
  };
  try {
    if (first.length > 0) await writeAll(client, first, { timeout: idle });
    await Promise.all([carry(client, upstream), carry(upstream, client)]);
  } catch (error) {
    // What is broken off must not look like an end.
    for (const socket of [client, upstream]) tryOption(socket, "SO_LINGER", 0);
    if (!(error instanceof SocketError)) throw error;
  } finally {
    await Promise.all([client.close(), upstream.close()]);
  }
}

/** @returns undefined when nothing came in time */
async function receive(from: Socket, timeout: Duration): Promise<Uint8Array | undefined> {
  try {
    return await from.recv(CHUNK, { timeout });
  } catch (error) {
    if (error instanceof SocketError && error.code === "EAGAIN") return undefined;
    throw error;
  }
}
