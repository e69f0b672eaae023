import type { SocketAddress } from "../../../address/endpoint.ts";
import { SocketError } from "../../../socket/socket.ts";
import { type Duration, seconds } from "../../../time/instant.ts";
import { HttpClient } from "../../http/client/client.ts";
import type { Program, ProgramContext } from "../../program.ts";
import { rest } from "../../stream.ts";
import { openWebSocket, WebSocketError } from "../../websocket/client.ts";
import type { WebSocket } from "../../websocket/websocket.ts";
import type { ChatEvent } from "../message.ts";
import { answer, greeting, isQuestion, remark } from "../phrases.ts";
import type { Reply } from "./people.ts";

export interface ChatWebUserParameters {
  readonly server: SocketAddress;
  readonly name: string;
  readonly room: string;
  readonly pause: Duration;
}

/** How likely a question of somebody else gets an answer. */
const ANSWER_CHANCE = 0.3;
/** A server that has vanished is found out. */
const HEARTBEAT = { interval: seconds(20), timeout: seconds(10) } as const;
/** The first pause before coming back, and the longest. */
const FIRST_PAUSE = seconds(1);
const LONGEST_PAUSE = seconds(30);

/** The cookie of a new session, as the page gets it. */
async function beginSession(context: ProgramContext, origin: string, name: string): Promise<string> {
  const client = new HttpClient(context);
  try {
    const headers = { "Content-Type": "application/json", Origin: origin };
    const body = JSON.stringify({ name });
    const response = await client.fetch(`${origin}/session`, { method: "POST", headers, body, signal: context.signal });
    await response.bytes();
    if (!response.ok) throw new WebSocketError(`the chat answers ${response.status}`, response.status);
    return response.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
  } finally {
    await client.close();
  }
}

/** Exponentially distributed, as the times between independent events are. */
const pauseOf = ({ random }: ProgramContext, mean: Duration): Duration =>
  Math.round(-Math.log(1 - random.real()) * mean) as Duration;

/** Chats over one connection, until it or the program ends. @param heard the last number, by which it goes on */
async function chat(
  context: ProgramContext,
  socket: WebSocket,
  parameters: ChatWebUserParameters,
  heard: { seq: number },
) {
  const { clock, random, signal, log } = context;
  const { room, pause } = parameters;
  const ended = new AbortController();
  const send = (asked: object): boolean => socket.send(JSON.stringify(asked));
  const say = (text: string): boolean => {
    const id = Array.from({ length: 4 }, () => random.uint32().toString(16).padStart(8, "0")).join("");
    return send({ type: "say", room, id, text });
  };
  const hear = (event: ChatEvent): void => {
    if (event.type !== "message" || event.seq <= heard.seq) return;
    heard.seq = event.seq;
    log("heard", { name: event.name, text: event.text });
    if (isQuestion(event.text) && event.name !== parameters.name && random.chance(ANSWER_CHANCE)) say(answer(random));
  };
  socket.onmessage = ({ data }) => {
    const told = JSON.parse(String(data)) as ChatEvent | Reply;
    if (told.type === "message") hear(told);
    else if (told.type === "room") for (const each of told.messages) hear(each);
  };
  void socket.closed.then(() => ended.abort());
  send({ type: "join", room, after: heard.seq });
  const present = { clock, signal: AbortSignal.any([signal, ended.signal]) };
  if (heard.seq === 0 && (await rest(present, seconds(1)))) say(greeting(random));
  while (await rest(present, pauseOf(context, pause))) say(remark(random));
  socket.close(1000);
  await socket.ended;
}

async function run(context: ProgramContext, parameters: ChatWebUserParameters): Promise<void> {
  const { random, signal, log } = context;
  const { server, name } = parameters;
  const origin = `http://${server.address}:${server.port}`.replace(/:80$/, "");
  const heard = { seq: 0 };
  let cookie = "";
  let wait: number = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      cookie ||= await beginSession(context, origin, name);
      const headers = [
        ["Origin", origin],
        ["Cookie", cookie],
      ] as const;
      const socket = await openWebSocket(context, `${origin}/socket`, { headers, heartbeat: HEARTBEAT, signal });
      log("connected", { ...server });
      wait = FIRST_PAUSE;
      await chat(context, socket, parameters, heard);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof WebSocketError && error.status === 401) cookie = "";
      if (!(error instanceof WebSocketError || error instanceof SocketError || error instanceof TypeError)) throw error;
      log("lost", { why: error.message });
    }
    await rest(context, Math.round((0.5 + random.real() / 2) * wait) as Duration);
    wait = Math.min(2 * wait, LONGEST_PAUSE);
  }
}

/** Somebody who chats as a page does: with a session, over a WebSocket that comes back. */
export const chatWebUser: Program<ChatWebUserParameters> = {
  name: "chat-web-user",
  summary:
    "A virtual user who chats by WebSocket, as the chat's page does, and comes back when the connection is lost.",
  parameters: {
    server: { type: "endpoint", summary: "The chat's web server." },
    name: { type: "text", summary: "The user's name." },
    room: { type: "text", summary: "The room.", default: "lobby" },
    pause: {
      type: "duration",
      summary: "How long the user is silent between messages, on average.",
      default: seconds(12),
    },
  },
  messages: {
    connected: "In the chat at {address}:{port}",
    heard: "{name}: {text}",
    lost: "The connection to the chat was lost: {why}",
  },
  run,
};
