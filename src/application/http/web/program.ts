import { seconds } from "../../../time/instant.ts";
import type { Program, ProgramContext } from "../../program.ts";
import { DEFAULT_SERVER_LIMITS } from "../server/limits.ts";
import { HTTP_MESSAGES, type HttpServer, serveHttp } from "../server/server.ts";
import { accessLog } from "./access-log.ts";
import type { SiteDescription } from "./site.ts";
import { layered, SITE_MESSAGES, webHandler } from "./site-handler.ts";

export interface WebParameters {
  readonly address: string;
  readonly port: number;
  readonly sites: readonly SiteDescription[];
  readonly accessLog: boolean;
  /** Requests a second of one address; 0 for no limit. */
  readonly rate: number;
  readonly burst: number;
  readonly connections: number;
}

/** How long a server that is to stop lets answers go on. */
const GRACE = seconds(5);

async function run(context: ProgramContext, parameters: WebParameters): Promise<void> {
  const { address, port, sites, rate, burst, connections } = parameters;
  const rateLimit = rate > 0 ? { rate, burst } : undefined;
  const log = (line: string): void => context.log("request", { line });
  const layers = parameters.accessLog ? [accessLog(context, log)] : [];
  const handler = layered(layers, await webHandler(context, { sites, rateLimit }));
  // The server hears of its end from us, so that it is in good order.
  const signal = new AbortController().signal;
  const server = await serveHttp({ ...context, signal }, { address, port, handler, limits: { connections } });
  context.log("listening", { ...server.address });
  await untilStopped(context, server);
}

/** Ends the server when the program is asked to stop: what was begun may end, for a while. */
async function untilStopped({ clock, signal }: ProgramContext, server: HttpServer): Promise<void> {
  let cancel = (): void => {};
  const stop = (): void => {
    void server.close({ graceful: true });
    cancel = clock.after(GRACE, () => void server.close());
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    await server.ended;
  } finally {
    cancel();
    signal.removeEventListener("abort", stop);
  }
}

/** The web server: sites of files, forms and redirects. */
export const web: Program<WebParameters> = {
  name: "web",
  summary: "A web server: sites by name, with files, forms, redirects, users, compression.",
  parameters: {
    address: { type: "address", summary: "The address to listen on; 0.0.0.0 for all.", default: "0.0.0.0" },
    port: { type: "port", summary: "The port to listen on.", default: 80 },
    sites: { type: "sites", summary: "Its sites by name, as in a file for `netarium serve` (docs/web-server.md)." },
    accessLog: { type: "boolean", summary: "Whether each request is logged, in the combined format.", default: true },
    rate: { type: "number", summary: "Requests a second that one address may make; 0 for no limit.", default: 0 },
    burst: {
      type: "count",
      summary: "Requests that one address may make at once, where rate limits them.",
      default: 20,
    },
    connections: {
      type: "count",
      summary: "Connections at once; one more is answered 503.",
      default: DEFAULT_SERVER_LIMITS.connections,
    },
  },
  messages: { listening: "Web server on {address}:{port}", request: "{line}", ...SITE_MESSAGES, ...HTTP_MESSAGES },
  run,
};
