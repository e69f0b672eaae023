import type { Heard, WatcherChannel } from "../../engine/channel.ts";
import type { FromEngine, Hello } from "../../engine/protocol/messages.ts";
import { readMessage } from "./messages.ts";

/** A MessagePort, as Node and browsers share it. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  close(): void;
}

/**
 * A watcher at the other end of a MessagePort: a page whose engine runs in its Worker. Messages are text, as over a WebSocket. A
 * port tells nobody what waits in it, so the watcher says with a number how many letters it has read in all.
 */
export class PortChannel implements WatcherChannel {
  onMessage: (message: Heard) => void = () => {};
  onClose: () => void = () => {};
  readonly #port: Port;
  readonly #admit: (channel: WatcherChannel, hello: Hello) => void;
  #known = false;
  #sent = 0;
  #read = 0;

  /** @param admit given the first message, once it has come and is a hello */
  constructor(port: Port, admit: (channel: WatcherChannel, hello: Hello) => void) {
    this.#port = port;
    this.#admit = admit;
    port.onmessage = ({ data }) => {
      if (typeof data === "number") this.#acknowledged(data);
      else this.#hear(typeof data === "string" ? readMessage(data) : undefined);
    };
  }

  /** Letters that the watcher has not read yet. */
  get buffered(): number {
    return this.#sent - this.#read;
  }

  send(message: FromEngine): void {
    const text = JSON.stringify(message);
    this.#sent += text.length;
    this.#port.postMessage(text);
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.close();
    this.onClose();
  }

  #acknowledged(read: number): void {
    if (read >= this.#read && read <= this.#sent) this.#read = read;
    else this.close();
  }

  #hear(message: Heard | undefined): void {
    if (message !== undefined && this.#known) this.onMessage(message);
    else if (message?.type === "hello") {
      this.#known = true;
      this.#admit(this, message);
    } else this.close();
  }
}
