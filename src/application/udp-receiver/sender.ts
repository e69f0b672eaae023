import type { SocketAddress } from "../../address/endpoint.ts";
import { type Duration, seconds } from "../../time/instant.ts";
import { resolveFirst } from "../connect.ts";
import type { Program } from "../program.ts";
import { rest } from "../stream.ts";

export interface UdpSenderParameters {
  readonly to: SocketAddress;
  readonly texts: readonly string[];
  readonly every: Duration;
  readonly rounds: number;
  readonly broadcast: boolean;
}

/** Sends each text in a datagram of its own. */
export const udpSender: Program<UdpSenderParameters> = {
  name: "udp-sender",
  summary: "Sends texts as UDP datagrams.",
  parameters: {
    to: { type: "endpoint", summary: "Where to send them." },
    texts: { type: "texts", summary: "What to send, each in a datagram of its own.", default: ["Hello!"] },
    every: { type: "duration", summary: "How long to wait before each.", default: seconds(1) },
    rounds: { type: "count", summary: "How often to send all; 0 for ever.", default: 1 },
    broadcast: { type: "boolean", summary: "Whether it may send to a broadcast address.", default: false },
  },
  messages: { sent: "Sent: {text} to {address}:{port}" },
  run: async (context, { to, texts, every, rounds, broadcast }) => {
    const { sockets, log, signal } = context;
    const encoder = new TextEncoder();
    const socket = sockets.socket("inet", "dgram");
    try {
      const address = await resolveFirst(context, to, { signal });
      if (broadcast) socket.setsockopt("SO_BROADCAST", true);
      for (let round = 0; rounds === 0 || round < rounds; round++) {
        for (const text of texts) {
          if (!(await rest(context, every))) return;
          await socket.sendto(encoder.encode(text), address, { signal });
          log("sent", { text, ...to });
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await socket.close();
    }
  },
};
