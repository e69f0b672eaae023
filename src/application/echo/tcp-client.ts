import type { SocketAddress } from "../../address/endpoint.ts";
import type { Socket } from "../../socket/socket.ts";
import { between, type Duration, formatDuration, seconds } from "../../time/instant.ts";
import { connectTo } from "../connect.ts";
import type { Program, ProgramContext } from "../program.ts";
import { finish, rest } from "../stream.ts";

export interface EchoClientParameters {
  readonly server: SocketAddress;
  readonly texts: readonly string[];
  readonly every: Duration;
}

/** How long to wait for an echo. */
const ECHO_TIME = seconds(60);

/** Sends bytes and receives as many. @throws Error when they are not the same */
async function echo(socket: Socket, sent: Uint8Array, signal: AbortSignal): Promise<void> {
  const sending = socket.send(sent, { signal }); // beside receiving, or a text larger than all buffers would never end
  try {
    for (let at = 0; at < sent.length; ) {
      const bytes = await socket.recv(sent.length - at, { signal, timeout: ECHO_TIME });
      if (bytes.length === 0) throw new Error(`the server closed after ${at} of ${sent.length} bytes`);
      const wrong = bytes.findIndex((byte, i) => byte !== sent[at + i]);
      if (wrong >= 0) throw new Error(`byte ${at + wrong} of ${sent.length} came back changed`);
      at += bytes.length;
    }
  } finally {
    await sending.catch(() => undefined);
  }
}

async function run(context: ProgramContext, { server, texts, every }: EchoClientParameters): Promise<void> {
  const { clock, log, signal } = context;
  const encoder = new TextEncoder();
  const socket = await connectTo(context, server, { signal });
  try {
    for (const [index, text] of texts.entries()) {
      if (index > 0 && !(await rest(context, every))) return;
      const start = clock.now();
      await echo(socket, encoder.encode(text), signal);
      log("echoed", { text, time: formatDuration(between(start, clock.now())) });
    }
    await finish(socket, clock);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await socket.close();
  }
}

/** Sends texts to an echo server on TCP and checks that they come back. */
export const echoClient: Program<EchoClientParameters> = {
  name: "echo-client",
  summary: "Sends texts to an echo server on TCP and checks that they come back.",
  parameters: {
    server: { type: "endpoint", summary: "The echo server." },
    texts: { type: "texts", summary: "What to send, one after the other.", default: ["Hello!"] },
    every: { type: "duration", summary: "How long to wait between.", default: seconds(1) },
  },
  messages: { echoed: "{text} came back after {time}" },
  run,
};
