import type { SocketAddress } from "../../address/endpoint.ts";
import { type Socket, SocketError } from "../../socket/socket.ts";
import { listenTcp } from "../../socket/tcp.ts";
import { type Duration, milliseconds, minutes, nanoseconds } from "../../time/instant.ts";
import type { Program, ProgramContext } from "../program.ts";
import { acceptEach, finish } from "../stream.ts";
import { Chat } from "./chat.ts";
import { Connection, type ConnectionHost, type ConnectionLimits, GOODBYE_TIME } from "./connection.ts";
import { Lines } from "./lines.ts";

export const CHAT_PORT = 8888;

export interface ChatServerParameters extends ConnectionLimits {
  readonly address: string;
  readonly port: number;
  /** Clients at once. */
  readonly clients: number;
  /** Whether what is said is logged. */
  readonly transcript: boolean;
}

/** What all hear last. */
export const CLOSING = "The chat room closes. Goodbye!";

/** How often a stopping server looks whether all are gone. */
const STOP_STEP = milliseconds(10);

/** The chat for those who come by lines. */
class ChatServer implements ConnectionHost {
  readonly clock: ProgramContext["clock"];
  readonly room: Lines;
  readonly limits: ConnectionLimits;
  readonly #context: ProgramContext;
  readonly #parameters: ChatServerParameters;
  readonly #connections = new Set<Connection>();
  #dirty = new Set<Connection>();

  constructor(context: ProgramContext, parameters: ChatServerParameters, chat: Chat) {
    this.room = new Lines(chat);
    this.clock = context.clock;
    this.limits = parameters;
    this.#context = context;
    this.#parameters = parameters;
  }

  async run(): Promise<void> {
    const { address, port } = this.#parameters;
    const listener = await listenTcp(this.#context.sockets, { address, port });
    try {
      this.#context.log("listening", { ...listener.getsockname() });
      await acceptEach(this.#context, listener, (socket) => this.#accept(socket));
    } finally {
      await listener.close();
      await this.#stop();
    }
  }

  /** All that is said until the timer runs goes out in one write to each. */
  dirty(connection: Connection): void {
    if (this.#dirty.size === 0) this.clock.after(nanoseconds(0), () => this.#flush());
    this.#dirty.add(connection);
  }

  said({ member }: Connection, text: string): void {
    if (this.#parameters.transcript) this.#context.log("said", { name: member.name, text });
  }

  renamed({ member }: Connection, before: string): void {
    this.#context.log("renamed", { before, name: member.name });
  }

  left({ member, peer }: Connection, why: string): void {
    this.#context.log(why === "" ? "left" : "left-because", { name: member.name, ...peer, why });
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection);
  }

  #accept(socket: Socket): void {
    const { clients } = this.#parameters;
    const peer = peerOf(socket);
    if (peer === undefined) {
      void socket.close();
    } else if (this.#connections.size >= clients) {
      this.#context.log("full", { ...peer, clients });
      socket.write(new TextEncoder().encode(`* The room is full: ${clients} are here. Come back later.\n`));
      void finish(socket, this.clock, { time: GOODBYE_TIME });
    } else {
      const connection = new Connection(this, socket, peer);
      this.#connections.add(connection);
      this.#context.log("came", { name: connection.member.name, ...peer });
      connection.start();
    }
  }

  #flush(): void {
    const dirty = this.#dirty;
    this.#dirty = new Set(); // who is flushed may have to leave, and others hear of it
    for (const connection of dirty) connection.flush();
  }

  async #stop(): Promise<void> {
    const { clock } = this.#context;
    this.room.chat.close(CLOSING);
    for (const connection of this.#connections) connection.leave("closing");
    const end = clock.now() + GOODBYE_TIME + STOP_STEP;
    while (this.#connections.size > 0 && clock.now() < end) await clock.sleep(STOP_STEP);
  }
}

/**
 * Serves a chat, which others may serve by other means, to those who come by lines, until the program is to stop.
 */
export function serveLines(context: ProgramContext, parameters: ChatServerParameters, chat: Chat): Promise<void> {
  return new ChatServer(context, parameters, chat).run();
}

/** Who is at the other end; undefined when they have gone already. */
function peerOf(socket: Socket): SocketAddress | undefined {
  try {
    return socket.getpeername();
  } catch (error) {
    if (error instanceof SocketError) return undefined;
    throw error;
  }
}

/** The chat room on TCP: plain lines, as nc, telnet and the simplest socket program send them. */
export const chatServer: Program<ChatServerParameters> = {
  name: "chat-server",
  summary: "A chat room for nc, telnet and any program that writes lines to a socket.",
  parameters: {
    address: { type: "address", summary: "The address to listen on; 0.0.0.0 for all.", default: "0.0.0.0" },
    port: { type: "port", summary: "The port to listen on.", default: CHAT_PORT },
    clients: { type: "count", summary: "Clients at once; one more is told that the room is full.", default: 500 },
    queueBytes: { type: "count", summary: "A client for whom more bytes than this wait is dropped.", default: 131_072 },
    lineBytes: { type: "count", summary: "Bytes of a message; the rest of a longer one is cut off.", default: 800 },
    rate: { type: "number", summary: "Messages a second that one client may send, on average.", default: 10 },
    burst: { type: "count", summary: "Messages that one client may send at once.", default: 20 },
    idle: {
      type: "duration",
      summary: "Where TCP has no keepalive, a client silent for so long is asked whether it is there.",
      default: minutes(10) as Duration,
    },
    transcript: { type: "boolean", summary: "Whether what is said is logged.", default: false },
  },
  messages: {
    listening: "Chat room on {address}:{port}",
    came: "{name} came from {address}:{port}",
    renamed: "{before} is now {name}",
    left: "{name} from {address}:{port} left",
    "left-because": "{name} from {address}:{port} left: {why}",
    said: "{name}: {text}",
    full: "The room is full with {clients}: {address}:{port} was sent away",
  },
  run: (context, parameters) => serveLines(context, parameters, new Chat({ date: () => context.clock.date() })),
};
