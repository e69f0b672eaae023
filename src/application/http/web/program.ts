import { SocketError } from "../../../socket/socket.ts";
import { seconds } from "../../../time/instant.ts";
import type { Program, ProgramContext } from "../../program.ts";
import { PROXY_MESSAGES } from "../proxy/reverse-proxy.ts";
import { DEFAULT_SERVER_LIMITS } from "../server/limits.ts";
import { HTTP_MESSAGES, type HttpServer } from "../server/server.ts";
import { accessLog, refusalLog } from "./access-log.ts";
import { type HttpsOptions, serveWeb } from "./https.ts";
import { PLAIN_PORTS } from "./plain-ports.ts";
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
  /** Serves HTTPS, with a certificate of the network's authority. */
  readonly tls: boolean;
  readonly tlsPort: number;
  /** Of the certificate, beside the sites' own. */
  readonly names: readonly string[];
  /** One of {@link PLAIN_PORTS}: what {@link port} does when there is TLS. */
  readonly plain: string;
  /** Days; 0 says nothing. */
  readonly hsts: number;
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
  const https = parameters.tls ? await httpsOf(context, parameters) : undefined;
  const onRefused = parameters.accessLog ? refusalLog(context, log) : undefined;
  const options = { address, port, handler, limits: { connections }, onRefused, https };
  const server = await serveWeb({ ...context, signal }, options);
  context.log(https === undefined ? "listening" : "listening-tls", { ...server.address });
  await untilStopped(context, server);
}

/** One certificate for all sites, and for who comes by loopback. @throws SocketError where there is no authority */
async function httpsOf(
  { tls }: ProgramContext,
  { sites, names, address, tlsPort, plain: written, hsts }: WebParameters,
): Promise<HttpsOptions> {
  const plain = PLAIN_PORTS.find((each) => each === written);
  if (plain === undefined) throw new RangeError(`plain is one of ${PLAIN_PORTS.join(", ")}, not ${written}`);
  if (tls?.certify === undefined) throw new SocketError("EPROTONOSUPPORT", "tls");
  const own = sites.flatMap(({ hosts = [] }) => hosts).filter((host) => host !== "*");
  const addresses = address === "0.0.0.0" ? [] : [address];
  const all = [...new Set([...own, ...names, ...addresses, "localhost", "127.0.0.1"])];
  const identity = await tls.certify(all);
  return { port: tlsPort, identities: [{ names: ["*"], identity }], plain, hsts: hsts > 0 ? hsts : undefined };
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
    tls: {
      type: "boolean",
      summary: "Whether it serves HTTPS, with a certificate of the authority that all virtual hosts trust.",
      default: false,
    },
    tlsPort: { type: "port", summary: "The port of HTTPS.", default: 443 },
    names: {
      type: "texts",
      summary: "Names and addresses of the certificate, beside those of the sites.",
      default: [],
    },
    plain: {
      type: "text",
      summary: "With tls, what port does: redirect (to HTTPS), serve (the same), off.",
      default: "redirect",
    },
    hsts: {
      type: "count",
      summary: "With tls, for so many days browsers are to come by HTTPS only; 0 says nothing.",
      default: 0,
    },
  },
  messages: {
    listening: "Web server on {address}:{port}",
    "listening-tls": "Web server on {address}:{port}, by HTTPS",
    request: "{line}",
    ...SITE_MESSAGES,
    ...HTTP_MESSAGES,
    ...PROXY_MESSAGES,
  },
  run,
};
