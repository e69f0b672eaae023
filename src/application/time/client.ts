import type { SocketAddress } from "../../address/endpoint.ts";
import { NameError } from "../../socket/names.ts";
import { SocketError } from "../../socket/socket.ts";
import { type Duration, seconds } from "../../time/instant.ts";
import { connectTo } from "../connect.ts";
import type { Program, ProgramContext } from "../program.ts";
import { rest } from "../stream.ts";
import { escapeControls, shorten } from "../text.ts";

export interface TimeClientParameters {
  readonly server: SocketAddress;
  readonly times: number;
  readonly every: Duration;
}

/** More than any time server has to say. */
const ANSWER_BYTES = 1_024;
/** How long to wait for the answer. */
const ANSWER_TIME = seconds(30);

/** All that the server says until it closes. */
async function ask(context: ProgramContext, server: SocketAddress): Promise<string> {
  const socket = await connectTo(context, server, { signal: context.signal });
  const decoder = new TextDecoder();
  try {
    let text = "";
    while (text.length < ANSWER_BYTES) {
      const bytes = await socket.recv(ANSWER_BYTES, { signal: context.signal, timeout: ANSWER_TIME });
      text += decoder.decode(bytes, { stream: true });
      if (bytes.length === 0) break;
    }
    return text;
  } finally {
    await socket.close();
  }
}

async function run(context: ProgramContext, { server, times, every }: TimeClientParameters): Promise<void> {
  for (let asked = 0; times === 0 || asked < times; asked++) {
    if (asked > 0 && !(await rest(context, every))) return;
    try {
      context.log("got", { line: escapeControls(shorten((await ask(context, server)).trimEnd(), ANSWER_BYTES)) });
    } catch (error) {
      if (context.signal.aborted) return;
      const known = error instanceof SocketError || error instanceof NameError;
      if (!known || asked + 1 === times) throw error;
      context.log("failed", { code: error.code });
    }
  }
}

/** Asks a time server and logs the answer. */
export const timeClient: Program<TimeClientParameters> = {
  name: "time-client",
  summary: "Asks a time server for the time and logs the answer.",
  parameters: {
    server: { type: "endpoint", summary: "The time server." },
    times: { type: "count", summary: "How often to ask; 0 for ever.", default: 1 },
    every: { type: "duration", summary: "How long to wait between.", default: seconds(10) },
  },
  messages: { got: "{line}", failed: "No answer: {code}" },
  run,
};
