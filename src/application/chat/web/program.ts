import { HTTP_MESSAGES, type HttpServer, serveHttp } from "../../http/server/server.ts";
import { completeParameters } from "../../parameters.ts";
import type { Program, ProgramContext } from "../../program.ts";
import { Chat } from "../chat.ts";
import { MemoryStore } from "../memory-store.ts";
import { CHAT_PORT, chatServer, serveLines } from "../server.ts";
import type { ChatStore } from "../store.ts";
import { ChatWeb } from "./handler.ts";
import type { Passwords } from "./passwords.ts";

const CHAT_WEB_PORT = 8080;

export interface ChatWebParameters {
  readonly address: string;
  readonly port: number;
  /** The port for those who come by lines. */
  readonly lines: number;
  readonly origins: readonly string[];
  readonly rate: number;
  readonly burst: number;
  readonly transcript: boolean;
}

/** What only the operating system has. */
export interface ChatKeeping {
  /** In memory unless given; the caller's to close. */
  readonly store?: ChatStore | undefined;
  readonly passwords?: Passwords | undefined;
}

/**
 * One chat, served to pages and to those who come by lines, until the context's signal aborts.
 * @throws SocketError when it cannot listen
 */
export async function serveChat(
  context: ProgramContext,
  { address, port, lines, origins, rate, burst, transcript }: ChatWebParameters,
  { store = new MemoryStore(), passwords }: ChatKeeping = {},
): Promise<void> {
  const { clock, random, work } = context;
  const chat = new Chat({ store, date: () => clock.date() });
  const web = new ChatWeb({ chat, clock, random, work, passwords, origins, pace: { rate, burst } });
  const failed = new AbortController();
  const inner = { ...context, signal: AbortSignal.any([context.signal, failed.signal]) };
  const server: HttpServer = await serveHttp(
    { ...context, signal: failed.signal },
    { address, port, handler: web.handler },
  );
  context.log("serving", { ...server.address });
  const byLines = serveLines(inner, completeParameters(chatServer, { address, port: lines, transcript }), chat);
  server.ended.catch((error: unknown) => failed.abort(error));
  try {
    await byLines;
  } finally {
    web.close();
    await server.close({ graceful: true });
  }
  if (failed.signal.aborted) throw failed.signal.reason;
}

/** The chat room with a page, for browsers, and for those who write lines. */
export const chatWeb: Program<ChatWebParameters> = {
  name: "chat-web",
  summary: "The chat room with a web page: by WebSocket, server-sent events, and lines on a port of their own.",
  parameters: {
    address: { type: "address", summary: "The address to listen on; 0.0.0.0 for all.", default: "0.0.0.0" },
    port: { type: "port", summary: "The port of the web page.", default: CHAT_WEB_PORT },
    lines: { type: "port", summary: "The port for nc, telnet and the like.", default: CHAT_PORT },
    origins: {
      type: "texts",
      summary: "Where browsers reach the page, if not where it is served: behind a proxy.",
      default: [],
    },
    rate: {
      type: "number",
      summary: "Requests a second that one person by the page may make, on average.",
      default: 10,
    },
    burst: { type: "count", summary: "Requests that one person by the page may make at once.", default: 30 },
    transcript: { type: "boolean", summary: "Whether what is said by lines is logged.", default: false },
  },
  messages: { ...chatServer.messages, ...HTTP_MESSAGES, serving: "Chat page on http://{address}:{port}/" },
  run: (context, parameters) => serveChat(context, parameters),
};
