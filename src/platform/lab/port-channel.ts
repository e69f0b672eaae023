import type { Heard, WatcherChannel } from "../../engine/channel.ts";
import type { FromEngine, Hello } from "../../engine/protocol/messages.ts";
import { checkMessage } from "./messages.ts";

/** A MessagePort, or a Worker's global scope, as Node and browsers share them. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  close?(): void;
}

/** A watcher at the other end of a MessagePort: a page whose engine runs in its Worker. */
export class PortChannel implements WatcherChannel {
  onMessage: (message: Heard) => void = () => {};
  onClose: () => void = () => {};
  /** A port tells nobody what waits in it. */
  readonly buffered = 0;
  readonly #port: Port;

  /** @param admit given the first message, once it has come and is a hello */
  constructor(port: Port, admit: (channel: WatcherChannel, hello: Hello) => void) {
    this.#port = port;
    let known = false;
    port.onmessage = ({ data }) => {
      const message = checkMessage(data);
      if (message === undefined) this.close();
      else if (known) this.onMessage(message);
      else if (message.type === "hello") {
        known = true;
        admit(this, message);
      } else this.close();
    };
  }

  send(message: FromEngine): void {
    this.#port.postMessage(message);
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.close?.();
    this.onClose();
  }
}
