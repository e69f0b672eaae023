import type { SocketAddress } from "../../../address/endpoint.ts";
import type { TlsIdentity } from "../../../socket/tls.ts";
import type { ProgramContext } from "../../program.ts";
import type { Handler, Middleware } from "../handler.ts";
import { plain } from "../plain.ts";
import { Response } from "../response.ts";
import { type CloseOptions, type HttpServer, type ServeOptions, serveHttp } from "../server/server.ts";
import { NameTable } from "./name-table.ts";
import type { PlainPort } from "./plain-ports.ts";
import { ownResponse } from "./response.ts";

const HTTPS_PORT = 443;
const SECONDS_PER_DAY = 86_400;

/** A site's certificate and the names that it is shown for. */
export interface NamedIdentity {
  readonly names: readonly string[];
  readonly identity: TlsIdentity;
}

export interface HttpsOptions {
  /** 0 chooses one. */
  readonly port: number;
  /** The first is also for clients that name no server, or one that nobody has. */
  readonly identities: readonly NamedIdentity[];
  readonly plain: PlainPort;
  /** For so many days browsers are to come by HTTPS only (RFC 6797); not told unless given. */
  readonly hsts?: number | undefined;
}

export interface ServeWebOptions extends Omit<ServeOptions, "tls"> {
  /** Serves HTTPS, on a port of its own. */
  readonly https?: HttpsOptions | undefined;
}

/** A server, perhaps on two ports: {@link HttpServer.address} is that with TLS where there is one. */
export interface WebServer extends HttpServer {
  /** The port without TLS beside it. */
  readonly plain: SocketAddress | undefined;
}

/**
 * Serves HTTP, or HTTPS and, beside it, HTTP.
 * @throws as {@link serveHttp} does; RangeError for HTTPS without a certificate
 */
export async function serveWeb(context: ProgramContext, { https, ...options }: ServeWebOptions): Promise<WebServer> {
  if (https === undefined) return Object.assign(await serveHttp(context, options), { plain: undefined });
  const { port, hsts, identities } = https;
  const [first] = identities;
  if (first === undefined) throw new RangeError("HTTPS needs a certificate");
  const named = new NameTable<TlsIdentity>();
  for (const { names, identity } of identities) named.add(names, identity);
  const { identity } = first;
  const tls = { identity, identityOf: (name: string) => named.find(name.toLowerCase()) };
  const handler = hsts === undefined ? options.handler : strictTransport(hsts)(options.handler);
  const secure = await serveHttp(context, { ...options, handler, port, tls });
  if (https.plain === "off") return Object.assign(secure, { plain: undefined });
  try {
    const redirecting = { ...options, handler: redirectToHttps(secure.address.port) };
    return both(secure, await serveHttp(context, https.plain === "serve" ? options : redirecting));
  } catch (error) {
    await secure.close();
    throw error;
  }
}

/** Sends every request to the same place by HTTPS, with its method (RFC 9110 §15.4.9). */
export function redirectToHttps(port: number): Handler {
  return ({ url: written }) => {
    let url: URL;
    try {
      url = new URL(written);
    } catch {
      return plain(400, "There is no such place.");
    }
    url.protocol = "https:";
    url.port = port === HTTPS_PORT ? "" : String(port);
    return new Response(null, { status: 308, headers: { Location: url.href } });
  };
}

/** Tells browsers to come by HTTPS only, for so many days; over plain HTTP it says nothing, as it has to (RFC 6797 §7.2). */
export function strictTransport(days: number): Middleware {
  const value = `max-age=${days * SECONDS_PER_DAY}`;
  return (next) => async (request, info) => {
    const response = ownResponse(await next(request, info));
    if (info.tls !== undefined) response.headers.set("Strict-Transport-Security", value);
    return response;
  };
}

/** Two servers as one, which ends when one of them does. */
function both(secure: HttpServer, plainServer: HttpServer): WebServer {
  const servers = [secure, plainServer];
  const close = (options?: CloseOptions): Promise<void> =>
    Promise.all(servers.map((server) => server.close(options))).then(() => {});
  for (const { ended } of servers) {
    const end = (): void => void close().catch(() => {});
    ended.then(end, end);
  }
  const ended = Promise.all(servers.map((server) => server.ended)).then(() => {});
  ended.catch(() => {});
  return { address: secure.address, plain: plainServer.address, ended, close };
}
