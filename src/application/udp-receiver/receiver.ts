import { SocketError } from "../../socket/socket.ts";
import type { Program } from "../program.ts";
import { escapeControls, shorten } from "../text.ts";

export const UDP_RECEIVER_PORT = 3434;

/** Characters of a datagram that are logged. */
export const TEXT_LENGTH = 1_000;
/** The longest datagram there can be. */
const DATAGRAM_BYTES = 65_535;

export interface UdpReceiverParameters {
  readonly address: string;
  readonly port: number;
}

/** A datagram as a line of a log: UTF-8 without the line end behind it, what cannot be printed written out, not too long. */
export function datagramText(data: Uint8Array): string {
  return escapeControls(shorten(new TextDecoder().decode(data).replace(/\r?\n$/, ""), TEXT_LENGTH));
}

/** Logs each datagram. It never answers. */
export const udpReceiver: Program<UdpReceiverParameters> = {
  name: "udp-receiver",
  summary: "Logs each UDP datagram that it receives.",
  parameters: {
    address: { type: "address", summary: "The address to receive on; 0.0.0.0 for all.", default: "0.0.0.0" },
    port: { type: "port", summary: "The port to receive on.", default: UDP_RECEIVER_PORT },
  },
  messages: {
    listening: "UDP receiver on {address}:{port}",
    received: "Received: {text} from {address}:{port}",
  },
  run: async ({ sockets, log, signal }, { address, port }) => {
    const socket = sockets.socket("inet", "dgram");
    try {
      await socket.bind({ address, port });
      log("listening", { ...socket.getsockname() });
      for (;;) {
        const { data, from } = await socket.recvfrom(DATAGRAM_BYTES, { signal });
        log("received", { text: datagramText(data), ...from });
      }
    } catch (error) {
      if (!signal.aborted || error instanceof SocketError) throw error;
    } finally {
      await socket.close();
    }
  },
};
