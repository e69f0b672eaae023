import type { Clock } from "../../socket/clock.ts";
import { type Socket, SocketError } from "../../socket/socket.ts";
import { finish } from "../stream.ts";
import { LineInput } from "./line-input.ts";

/** Lines of the room are shorter; of a longer one the rest is cut off. */
const LINE_BYTES = 4_096;

const encoder = new TextEncoder();

/** A client's side of a connection to the chat room. */
export class ChatSession {
  readonly #socket: Socket;
  readonly #clock: Clock;

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
  }

  /** Sends a message, or a command such as `/who`. */
  async say(text: string): Promise<void> {
    await this.#socket.send(encoder.encode(`${text.replaceAll(/[\r\n]+/g, " ")}\n`));
  }

  /** Hands on each line that the room sends. @returns when the connection or the signal ends it */
  async listen(signal: AbortSignal, hear: (line: string) => void): Promise<void> {
    const input = new LineInput(LINE_BYTES);
    try {
      for (;;) {
        const bytes = await this.#socket.recv(16_384, { signal });
        if (bytes.length === 0) return;
        for (const line of input.push(bytes)) if (line !== "timing mark") hear(line.text);
      }
    } catch (error) {
      if (!signal.aborted && !(error instanceof SocketError)) throw error;
    }
  }

  /** Leaves the room in good form. */
  async leave(): Promise<void> {
    await this.say("/quit").catch(() => undefined);
    await finish(this.#socket, this.#clock);
  }
}
