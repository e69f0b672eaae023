import { chunks, listenTcp } from "../../socket/tcp.ts";
import { between, formatDuration } from "../../time/instant.ts";
import type { Program } from "../program.ts";
import { serveEach } from "../stream.ts";

/** RFC 863. */
export const DISCARD_PORT = 9;

export interface DiscardServerParameters {
  readonly address: string;
  readonly port: number;
  readonly clients: number;
}

/** The Discard Protocol (RFC 863) on TCP: what comes is thrown away. It is all that iperf (version 2) asks of a server. */
export const discardServer: Program<DiscardServerParameters> = {
  name: "discard-server",
  summary: "Throws away all that it gets on TCP, and tells how much that was (RFC 863).",
  parameters: {
    address: { type: "address", summary: "The address to listen on; 0.0.0.0 for all.", default: "0.0.0.0" },
    port: { type: "port", summary: "The port to listen on.", default: DISCARD_PORT },
    clients: { type: "count", summary: "Clients at once; one more is closed at once.", default: 100 },
  },
  messages: {
    listening: "Discard server on {address}:{port}",
    discarded: "Threw away {bytes} bytes from {address}:{port} in {time}",
  },
  run: async (context, { address, port, clients }) => {
    const { sockets, clock, log, signal } = context;
    const listener = await listenTcp(sockets, { address, port });
    log("listening", { ...listener.getsockname() });
    await serveEach(context, listener, clients, async (socket) => {
      const from = socket.getpeername();
      const start = clock.now();
      let bytes = 0;
      try {
        for await (const piece of chunks(socket, { signal })) bytes += piece.length;
      } finally {
        log("discarded", { ...from, bytes, time: formatDuration(between(start, clock.now())) });
      }
    });
  },
};
