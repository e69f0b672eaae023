import type { Clock } from "../../socket/clock.ts";
import type { Socket } from "../../socket/socket.ts";
import { FINISH_TIME, finish as finishFirst } from "../stream.ts";

/**
 * Ends the stream below a connection whose closing handshake is done, so that all that was sent arrives.
 * @param order whether we end our half first, or after the peer, if that does not take too long
 */
export async function finish(socket: Socket, clock: Clock, order: "first" | "after"): Promise<void> {
  if (order === "first") return finishFirst(socket, clock);
  const patience = new AbortController();
  const cancel = clock.after(FINISH_TIME, () => patience.abort());
  try {
    while ((await socket.recv(4096, { signal: patience.signal })).length > 0);
  } catch {
    // It ends either way.
  } finally {
    cancel();
    await socket.close();
  }
}
