import type { Socket } from "./socket.ts";
import { writeAll } from "./tcp.ts";

const CHUNK = 65_536;

/** A connection as a pair of Web Streams. */
export interface WebStreams {
  /** What arrives; closes at the peer's end. Cancelling it shuts reading down. */
  readonly readable: ReadableStream<Uint8Array>;
  /** What is sent, as fast as the peer takes it. Closing it sends our end; aborting it resets the connection. */
  readonly writable: WritableStream<Uint8Array>;
}

/** Covers a connected stream socket with Web Streams. The socket is closed when both directions have ended. */
export function toWebStreams(socket: Socket): WebStreams {
  let open = 2;
  const ended = async (): Promise<void> => {
    if (--open === 0) await socket.close();
  };
  const readable = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await socket.recv(CHUNK);
        if (chunk.length > 0) {
          controller.enqueue(chunk);
          return;
        }
        controller.close();
        await ended();
      },
      async cancel() {
        await socket.shutdown("read").catch(() => {});
        await ended();
      },
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) => writeAll(socket, chunk),
    async close() {
      await socket.shutdown("write");
      await ended();
    },
    async abort() {
      socket.setsockopt("SO_LINGER", 0);
      await socket.close();
    },
  });
  return { readable, writable };
}
