import { writeText } from "../websocket/frame-writer.ts";
import { type ChatEvent, lineOf } from "./message.ts";

const encoder = new TextEncoder();

/** An event on its way to many: each form of it is made once, when the first asks for it. None is to be written to. */
export class Spoken {
  readonly event: ChatEvent;
  /** Whose members hear it; undefined for what is said to one. */
  readonly room: string | undefined;
  #text: string | undefined;
  #bytes: Uint8Array | undefined;
  #json: string | undefined;
  #frame: Uint8Array | undefined;

  constructor(event: ChatEvent) {
    this.event = event;
    this.room = "room" in event ? event.room : undefined;
  }

  /** For those who chat by lines, without the line end. */
  get text(): string {
    this.#text ??= lineOf(this.event);
    return this.#text;
  }

  /** The line in UTF-8 with a line feed at the end. */
  get bytes(): Uint8Array {
    this.#bytes ??= encoder.encode(`${this.text}\n`);
    return this.#bytes;
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.event);
    return this.#json;
  }

  /** A server's WebSocket frame. */
  get frame(): Uint8Array {
    this.#frame ??= writeText(this.json);
    return this.#frame;
  }
}
