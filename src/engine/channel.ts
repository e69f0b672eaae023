import type { Failure, FromEngine, FromWatcher } from "./protocol/index.ts";

/** What has come of a watcher: a message, or, for a request that is none, the failure that answers it. */
export type Heard = FromWatcher | Failure;

/** The engine's end of a way to one watcher: a WebSocket or a MessagePort, with messages already read and checked. */
export interface WatcherChannel {
  send(message: FromEngine): void;
  /** Bytes that wait to be sent: pushes are left out while there are many. */
  readonly buffered: number;
  /** Called with each message, in order. */
  onMessage: (message: Heard) => void;
  onClose: () => void;
  close(): void;
}
