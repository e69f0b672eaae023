import type { Socket } from "../../socket/socket.ts";
import type { Program, ProgramContext } from "../program.ts";
import { serveTcpAndUdp } from "../tcp-and-udp.ts";

/** RFC 862: for TCP and for UDP. */
export const ECHO_PORT = 7;

/**
 * Services that answer any datagram: echo 7, daytime 13, quote of the day 17, chargen 19, time 37. Answering them would begin
 * a conversation of two machines that never ends.
 */
const ANSWERING_PORTS: ReadonlySet<number> = new Set([7, 13, 17, 19, 37]);

const STREAM_PIECE = 65_536;
const DATAGRAM_BYTES = 65_535;

export interface EchoServerParameters {
  readonly address: string;
  readonly port: number;
  readonly clients: number;
}

async function echoStream(socket: Socket, signal: AbortSignal): Promise<void> {
  for (;;) {
    const bytes = await socket.recv(STREAM_PIECE, { signal });
    if (bytes.length === 0) return;
    await socket.send(bytes, { signal });
  }
}

/** @param port the server's own, to which it does not answer either */
async function echoDatagrams(socket: Socket, port: number, signal: AbortSignal): Promise<void> {
  const buffer = new Uint8Array(DATAGRAM_BYTES);
  for (;;) {
    const { data, from } = await socket.recvfrom(buffer.length, { signal });
    if (from.port === port || ANSWERING_PORTS.has(from.port)) continue;
    await socket.sendto(data, from, { signal }).catch(() => undefined); // that peer's fault, not the others'
  }
}

function run(context: ProgramContext, { address, port, clients }: EchoServerParameters): Promise<void> {
  return serveTcpAndUdp(context, { address, port }, clients, {
    listening: (local) => context.log("listening", { ...local }),
    stream: echoStream,
    datagrams: (socket, local, signal) => echoDatagrams(socket, local.port, signal),
  });
}

/** The Echo Protocol (RFC 862) on TCP and UDP: what comes goes back. */
export const echoServer: Program<EchoServerParameters> = {
  name: "echo-server",
  summary: "Sends back all that it gets, on TCP and on UDP (RFC 862).",
  parameters: {
    address: { type: "address", summary: "The address to listen on; 0.0.0.0 for all.", default: "0.0.0.0" },
    port: { type: "port", summary: "The port to listen on.", default: ECHO_PORT },
    clients: { type: "count", summary: "TCP clients at once; one more is closed at once.", default: 500 },
  },
  messages: { listening: "Echo server on {address}:{port}, TCP and UDP" },
  run,
};
