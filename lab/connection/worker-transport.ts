import type { Ended, FromEngine } from "../../src/engine/protocol/index.ts";
import type { OpenTransport, Transport, TransportEvents } from "./transport.ts";

/** Milliseconds between two looks whether the Worker is alive, and how many it may leave unanswered: then it hangs. */
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
  /** Calls a function again and again. @returns what ends it */
  readonly every: (milliseconds: number, call: () => void) => () => void;
}

/**
 * Leads to an engine in a Worker of this page, which is started when it is first asked for and stays, whoever connects. When it is lost
 * who watches is told so, and the next who asks gets a new one.
 */
export function workerTransport(options: WorkerTransportOptions): OpenTransport {
  const place = new WorkerPlace(options);
  return (events) => place.open(events);
}

class WorkerPlace {
  readonly #options: WorkerTransportOptions;
  readonly #ways = new Set<PortTransport>();
  #worker: EngineWorker | undefined;
  #stop: () => void = () => {};

  constructor(options: WorkerTransportOptions) {
    this.#options = options;
  }

  open(events: TransportEvents): Transport {
    const { port1, port2 } = new MessageChannel();
    const way = new PortTransport(port1, {
      // An engine that could not begin is of no use to the next who asks.
      onEnded: (ended) => this.#end(ended, way),
      onMessage: (message) => events.onMessage(message),
      onClosed: () => this.#ways.delete(way),
    });
    this.#ways.add(way);
    // Later, since who opens a way does not expect to hear of it before it has it.
    queueMicrotask(() => {
      if (this.#ways.has(way)) this.#lead(port2, events);
    });
    return way;
  }

  #lead(port: MessagePort, events: TransportEvents): void {
    try {
      this.#worker ??= this.#start();
    } catch (error) {
      this.#lost("engine-not-loaded", String(error));
      return;
    }
    this.#worker.postMessage("connect", [port]);
    events.onOpen();
  }

  #start(): EngineWorker {
    const worker = this.#options.start();
    let unanswered = 0;
    worker.onmessage = () => {
      unanswered = 0;
    };
    worker.onerror = (event) => {
      event.preventDefault();
      // What could not be loaded has no message: a Worker that has begun says what went wrong.
      if (event.message) this.#lost("engine-crashed", event.message);
      else this.#lost("engine-not-loaded", "the engine's file could not be loaded");
    };
    worker.onmessageerror = () => this.#lost("engine-crashed", "a message could not be read");
    this.#stop = this.#options.every(PING_EVERY, () => {
      if (++unanswered > PINGS_MISSED) this.#lost("engine-hangs", "the engine does not answer");
      else worker.postMessage("ping");
    });
    return worker;
  }

  #lost(code: string, why: string): void {
    this.#end({ type: "ended", problem: { code, params: { why }, text: why } });
  }

  /** @param only who is told; all who watch unless given */
  #end(ended: Ended, only?: PortTransport): void {
    this.#stop();
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const way of only === undefined ? [...this.#ways] : [only]) way.end(ended);
  }
}

interface PortEvents {
  onMessage(message: FromEngine): void;
  onEnded(ended: Ended): void;
  onClosed(): void;
}

/** One end of a MessagePort: text each way, and to the engine a number, of how many letters have been read. */
class PortTransport implements Transport {
  readonly #port: MessagePort;
  readonly #events: PortEvents;
  #read = 0;

  constructor(port: MessagePort, events: PortEvents) {
    this.#port = port;
    this.#events = events;
    port.onmessage = ({ data }: MessageEvent<string>) => {
      this.#read += data.length;
      port.postMessage(this.#read);
      const message = JSON.parse(data) as FromEngine;
      if (message.type === "ended") events.onEnded(message);
      else events.onMessage(message);
    };
  }

  send(message: unknown): void {
    this.#port.postMessage(JSON.stringify(message));
  }

  /** The last that is heard of it. */
  end(ended: Ended): void {
    this.close();
    this.#events.onMessage(ended);
  }

  close(): void {
    this.#events.onClosed();
    this.#port.onmessage = null;
    // What is no message of the protocol ends it at the other end too, which a port does not tell.
    this.#port.postMessage("close");
    this.#port.close();
  }
}
