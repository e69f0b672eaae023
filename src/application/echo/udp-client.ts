import type { SocketAddress } from "../../address/endpoint.ts";
import { type Socket, SocketError } from "../../socket/socket.ts";
import { between, type Duration, formatDuration, type Instant, seconds } from "../../time/instant.ts";
import { resolveFirst } from "../connect.ts";
import type { Program, ProgramContext } from "../program.ts";
import { rest } from "../stream.ts";

export interface UdpEchoClientParameters {
  readonly server: SocketAddress;
  readonly count: number;
  readonly size: number;
  readonly every: Duration;
  readonly timeout: Duration;
}

/** Bytes of a datagram's number, in front of the random ones. */
const NUMBER_BYTES = 4;
const DATAGRAM_BYTES = 65_535;

/** Waits until this very datagram comes back; late echoes of earlier ones are passed over. @returns false if it does not */
async function echoed(
  { clock, signal }: ProgramContext,
  socket: Socket,
  sent: Uint8Array,
  until: Instant,
): Promise<boolean> {
  for (;;) {
    const left = between(clock.now(), until);
    if (left <= 0) return false;
    try {
      const bytes = await socket.recv(DATAGRAM_BYTES, { signal, timeout: left });
      if (bytes.length === sent.length && bytes.every((byte, at) => byte === sent[at])) return true;
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      if (error.code === "EAGAIN") return false;
      throw error;
    }
  }
}

async function run(context: ProgramContext, parameters: UdpEchoClientParameters): Promise<void> {
  const { clock, log, random, signal, sockets } = context;
  const { count, server, timeout } = parameters;
  const socket = sockets.socket("inet", "dgram");
  const datagram = new Uint8Array(Math.max(NUMBER_BYTES, parameters.size));
  let back = 0;
  try {
    await socket.connect(await resolveFirst(context, server, { signal }), { signal });
    for (let number = 1; number <= count; number++) {
      if (number > 1 && !(await rest(context, parameters.every))) return;
      random.fill(datagram);
      new DataView(datagram.buffer).setUint32(0, number);
      const start = clock.now();
      await socket.send(datagram, { signal });
      if (await echoed(context, socket, datagram, (start + timeout) as Instant)) {
        back++;
        log("echoed", { number, time: formatDuration(between(start, clock.now())) });
      } else {
        log("lost", { number });
      }
    }
    log("done", { count, back });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await socket.close();
  }
}

/** Sends numbered datagrams to an echo server and tells which come back, and when, as `ping` does. */
export const udpEchoClient: Program<UdpEchoClientParameters> = {
  name: "udp-echo-client",
  summary: "Sends datagrams to an echo server on UDP and tells which come back, and when.",
  parameters: {
    server: { type: "endpoint", summary: "The echo server." },
    count: { type: "count", summary: "How many to send.", default: 4 },
    size: { type: "count", summary: "Bytes of each; at least 4.", default: 64 },
    every: { type: "duration", summary: "How long to wait between.", default: seconds(1) },
    timeout: { type: "duration", summary: "How long to wait for each.", default: seconds(2) },
  },
  messages: {
    echoed: "Datagram {number} came back after {time}",
    lost: "Datagram {number} did not come back",
    done: "{back} of {count} datagrams came back",
  },
  run,
};
