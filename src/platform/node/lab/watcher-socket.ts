import type { WebSocket } from "../../../application/websocket/index.ts";
import type { Heard, WatcherChannel } from "../../../engine/channel.ts";
import { type FromEngine, type Hello, PROTOCOL_VERSION, type Refusal } from "../../../engine/protocol/index.ts";
import type { Clock } from "../../../socket/clock.ts";
import { seconds } from "../../../time/instant.ts";
import { isToken } from "./guard.ts";

/** Who has connected says who it is within this, or is let go. */
export const HELLO_TIME = seconds(2);

/** Why a watcher was let go; of the range for programs' own (RFC 6455 §7.4.2). */
export const CLOSE = { unknown: 4_000, refused: 4_001, late: 4_002 } as const;

/** A watcher's message, the failure that answers a request that is none, or nothing for what is no message. */
export type ReadMessage = (text: string) => Heard | undefined;

export interface AdmitOptions {
  readonly token: string;
  readonly clock: Clock;
  readonly read: ReadMessage;
  /** False when no more may watch. */
  readonly hasRoom: () => boolean;
  /** Is given who has shown the token, and the hello it came with. */
  readonly admit: (channel: WatcherChannel, hello: Hello) => void;
}

/**
 * Hears a new connection out: its first message has to be a hello with the token, in time. Until then it has nothing of the
 * engine. @returns when it is closed
 */
export async function hearOut(socket: WebSocket, options: AdmitOptions): Promise<void> {
  const { clock, token, read, hasRoom, admit } = options;
  const cancel = clock.after(HELLO_TIME, () => socket.close(CLOSE.late, "no hello in time"));
  socket.onmessage = ({ data }) => {
    cancel();
    socket.onmessage = () => {};
    const hello = typeof data === "string" ? read(data) : undefined;
    if (hello?.type !== "hello") socket.close(CLOSE.unknown, "not a hello");
    else if (!isToken(hello.token, token)) refuse(socket, "token");
    else if (!hasRoom()) refuse(socket, "busy");
    else admit(new SocketChannel(socket, read), hello);
  };
  await socket.closed;
  cancel();
}

function refuse(socket: WebSocket, code: Refusal["code"]): void {
  const refusal: Refusal = { type: "refusal", code, version: PROTOCOL_VERSION };
  socket.send(JSON.stringify(refusal));
  socket.close(CLOSE.refused, code);
}

/** A watcher at the other end of a WebSocket. */
class SocketChannel implements WatcherChannel {
  onMessage: (message: Heard) => void = () => {};
  onClose: () => void = () => {};
  readonly #socket: WebSocket;

  constructor(socket: WebSocket, read: ReadMessage) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const message = typeof data === "string" ? read(data) : undefined;
      if (message === undefined) socket.close(CLOSE.unknown, "no message of the protocol");
      else this.onMessage(message);
    };
    void socket.closed.then(() => this.onClose());
  }

  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  send(message: FromEngine): void {
    this.#socket.send(JSON.stringify(message));
  }

  close(): void {
    this.#socket.close(1000);
  }
}
