import type { SocketAddress } from "../../address/endpoint.ts";
import { SocketError } from "../../socket/socket.ts";
import { type Duration, seconds } from "../../time/instant.ts";
import type { Program, ProgramContext } from "../program.ts";
import { connectPatiently, rest } from "../stream.ts";
import { ChatSession } from "./session.ts";

export interface ChatClientParameters {
  readonly server: SocketAddress;
  /** Empty: the room gives one. */
  readonly name: string;
  readonly say: readonly string[];
  readonly every: Duration;
  readonly stay: boolean;
  readonly attempts: number;
}

async function run(context: ProgramContext, parameters: ChatClientParameters): Promise<void> {
  const { clock, log, signal } = context;
  const { server, name, stay } = parameters;
  const socket = await connectPatiently(context, server, parameters.attempts);
  log("connected", { ...server });
  const session = new ChatSession(socket, clock);
  const ended = new AbortController();
  const listening = session.listen(signal, (line) => log("heard", { line })).finally(() => ended.abort());
  try {
    if (name !== "") await session.say(`/nick ${name}`);
    for (const text of parameters.say) {
      if (!(await rest({ clock, signal: AbortSignal.any([signal, ended.signal]) }, parameters.every))) break;
      await session.say(text);
    }
    if (stay) await listening;
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
  } finally {
    await session.leave();
    await listening;
  }
  log("ended");
}

/** Says what it was told to and logs what it hears. */
export const chatClient: Program<ChatClientParameters> = {
  name: "chat-client",
  summary: "Says some messages in a chat room and logs what it hears.",
  parameters: {
    server: { type: "endpoint", summary: "The chat server." },
    name: { type: "text", summary: "The name to take; without one the room gives one.", default: "" },
    say: { type: "texts", summary: "What to say, in order.", default: [] },
    every: { type: "duration", summary: "How long to wait before each message.", default: seconds(1) },
    stay: { type: "boolean", summary: "Whether to stay when everything is said.", default: true },
    attempts: { type: "count", summary: "Attempts to connect before it fails.", default: 10 },
  },
  messages: {
    connected: "In the chat room at {address}:{port}",
    heard: "{line}",
    ended: "Out of the chat room",
  },
  run: (context, parameters) =>
    run(context, parameters).catch((error: unknown) => {
      if (!context.signal.aborted) throw error;
    }),
};
