import { type OpenTransport, webSocketTo } from "./transport.ts";
import { type EngineWorker, workerTransport } from "./worker-transport.ts";

/** Milliseconds until an engine that was reached and says nothing is taken for gone; a Worker may still be on its way here. */
const SERVER_PATIENCE = 5_000;
const WORKER_PATIENCE = 120_000;

/** Where the engine of this page is, and how long it may take to say its first word. */
export interface EnginePlace {
  readonly open: OpenTransport;
  readonly patience: number;
}

/** A page without a server names the file of its engine; any other has its engine where it came from itself. */
export function enginePlace({ document, location }: Pick<Window, "document" | "location">): EnginePlace {
  const file = document.querySelector<HTMLMetaElement>('meta[name="netarium-engine"]')?.content;
  if (file === undefined) {
    const protocol = location.protocol === "https:" ? "wss" : "ws";
    return { open: webSocketTo(`${protocol}://${location.host}/engine`), patience: SERVER_PATIENCE };
  }
  const open = workerTransport({
    start: () => new Worker(new URL(file, document.baseURI), { type: "module", name: "Netarium" }) as EngineWorker,
    every: (milliseconds, call) => {
      const timer = setInterval(call, milliseconds);
      return () => clearInterval(timer);
    },
  });
  return { open, patience: WORKER_PATIENCE };
}
