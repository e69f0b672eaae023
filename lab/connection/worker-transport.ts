import type { Ended } from "../../src/engine/protocol/index.ts";
import type { OpenTransport } from "./transport.ts";

/** Milliseconds between two looks whether the Worker is alive, and how many it may miss: then it hangs. */
export const PING_EVERY = 5_000;
export const PINGS_MISSED = 6;

/** As much of a Worker as is used. */
export interface EngineWorker {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message?: string; preventDefault(): void }) => void) | null;
  onmessageerror: ((event: never) => void) | null;
  terminate(): void;
}

export interface WorkerTransportOptions {
  /** Starts a Worker. @throws where the browser lets none start */
  readonly start: () => EngineWorker;
  /** The network that it begins with; that which stands beside the page unless given. */
  readonly source: () => { readonly text: string; readonly file: string } | undefined;
  /** Calls a function again and again. @returns what ends it */
  readonly every: (milliseconds: number, call: () => void) => () => void;
}

/**
 * Leads to an engine in a Worker of this page, which is started when it is first asked for and stays, whoever connects. When it is lost
 * who watches is told so, and the next who asks gets a new one.
 */
export function workerTransport({ start, source, every }: WorkerTransportOptions): OpenTransport {
  const watching = new Set<(ended: Ended) => void>();
  let worker: EngineWorker | undefined;
  let stop = (): void => {};

  const lost = (code: string, why: string): void => {
    stop();
    worker?.terminate();
    worker = undefined;
    const ended: Ended = { type: "ended", problem: { code, params: { why }, text: why } };
    for (const tell of [...watching]) tell(ended);
  };

  const started = (): EngineWorker => {
    const made = start();
    let missed = 0;
    made.onerror = (event) => {
      event.preventDefault();
      // What could not be loaded has no message: a Worker that has begun says what went wrong.
      if (event.message) lost("engine-crashed", event.message);
      else lost("engine-not-loaded", "the engine's file could not be loaded");
    };
    made.onmessageerror = () => lost("engine-crashed", "a message could not be read");
    made.onmessage = () => {
      missed = 0;
    };
    stop = every(PING_EVERY, () => {
      if (++missed > PINGS_MISSED) lost("engine-hangs", "the engine does not answer");
      else made.postMessage("ping");
    });
    return made;
  };

  return (events) => {
    const { port1, port2 } = new MessageChannel();
    let read = 0;
    const close = (): void => {
      watching.delete(tell);
      port1.onmessage = null;
      port1.postMessage("close");
      port1.close();
    };
    const tell = (ended: Ended): void => {
      close();
      events.onMessage(ended);
    };
    watching.add(tell);
    port1.onmessage = ({ data }: MessageEvent<string>) => {
      read += data.length;
      port1.postMessage(read);
      const message = JSON.parse(data) as { readonly type: string };
      if (message.type === "ended") reset();
      events.onMessage(message);
    };
    // An engine that could not begin is of no use to the next who asks.
    const reset = (): void => {
      stop();
      worker?.terminate();
      worker = undefined;
    };
    // Later, since who opens a way does not expect to hear of it before it has it.
    queueMicrotask(() => {
      if (!watching.has(tell)) return;
      try {
        worker ??= started();
      } catch (error) {
        lost("engine-not-loaded", String(error));
        return;
      }
      worker.postMessage({ source: source() }, [port2]);
      events.onOpen();
    });
    return { send: (message) => port1.postMessage(JSON.stringify(message)), close };
  };
}
