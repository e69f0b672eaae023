import { resolve } from "node:path";
import type { ServerLimits } from "../../application/http/server/limits.ts";
import { accessLog, refusalLog } from "../../application/http/web/access-log.ts";
import { type HttpsOptions, serveWeb, type WebServer } from "../../application/http/web/https.ts";
import type { WebDescription } from "../../application/http/web/site.ts";
import { layered, type SiteMakers, webHandler } from "../../application/http/web/site-handler.ts";
import type { ProgramContext } from "../../application/program.ts";
import type { HttpsDocument } from "../document/web-file.ts";
import { CertificateError } from "./certificates/authority.ts";
import { webIdentities } from "./certificates/web-identities.ts";
import { GatewayError, SiteGateways } from "./gateway/site-gateways.ts";
import { OsFiles } from "./os-files.ts";

/** Where HTTPS is unless told. */
export const DEFAULT_HTTPS_PORT = 8443;

export interface WebServerOptions extends WebDescription {
  readonly address: string;
  /** 0 chooses one. */
  readonly port: number;
  /** Serves HTTPS. */
  readonly https?: HttpsDocument | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Relative folders are in this one. */
  readonly folder: string;
  /** Is given a line for each request. */
  readonly accessLog?: ((line: string) => void) | undefined;
}

/**
 * Serves sites on the operating system.
 * @throws WebServerError when a folder or a certificate is not there or a program cannot be started, SocketError as
 *   listening does
 */
export async function startWebServer(context: ProgramContext, options: WebServerOptions): Promise<WebServer> {
  const { address, port, limits, folder, accessLog: write } = options;
  const https = options.https === undefined ? undefined : await openHttps(options, options.https);
  const gateways = new SiteGateways(context, folder);
  const makers: SiteMakers = {
    folder: (path, { symlinks }) => openFolder(resolve(folder, path), symlinks),
    gateway: (gateway, whole) => gateways.make(gateway, whole),
  };
  try {
    const handler = await webHandler(context, options, makers);
    const layers = write === undefined ? [] : [accessLog(context, write)];
    const onRefused = write === undefined ? undefined : refusalLog(context, write);
    const layeredHandler = layered(layers, handler);
    const server = await serveWeb(context, { address, port, limits, handler: layeredHandler, onRefused, https });
    const close = (): Promise<void> => gateways.close();
    server.ended.then(close, close);
    return server;
  } catch (error) {
    await gateways.close();
    throw error instanceof GatewayError ? new WebServerError(error.message) : error;
  }
}

async function openHttps(
  { sites, address, folder }: WebServerOptions,
  { port = DEFAULT_HTTPS_PORT, plain, hsts, certificate, key }: HttpsDocument,
): Promise<HttpsOptions> {
  try {
    return { port, plain, hsts, identities: await webIdentities({ sites, address, folder, certificate, key }) };
  } catch (error) {
    if (error instanceof CertificateError) throw new WebServerError(error.message);
    throw error;
  }
}

/** What keeps a web server from starting, in words. */
export class WebServerError extends Error {
  override name = "WebServerError";
}

async function openFolder(path: string, symlinks: "none" | "inside" | "all" | undefined): Promise<OsFiles> {
  try {
    return await OsFiles.open(path, { symlinks });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const words: Readonly<Record<string, string>> = {
      ENOENT: "there is no such folder",
      ENOTDIR: "that is no folder",
      EACCES: "that folder may not be read",
    };
    throw new WebServerError(`${path}: ${words[code ?? ""] ?? message}`);
  }
}
