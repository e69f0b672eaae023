import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseHostPort } from "../../../address/endpoint.ts";
import { ScriptError } from "../../../application/cgi/errors.ts";
import type { Handler, Middleware } from "../../../application/http/handler.ts";
import type {
  CgiDescription,
  FastCgiDescription,
  GatewayDescription,
  WsgiDescription,
} from "../../../application/http/web/site.ts";
import type { ProgramContext } from "../../../application/program.ts";
import { cgi } from "./cgi.ts";
import { fastCgiGateway } from "./fastcgi-gateway.ts";
import { wsgi } from "./wsgi.ts";

/** Makes the gateways of sites, and ends their programs. */
export class SiteGateways {
  readonly #context: ProgramContext;
  readonly #folder: string;
  readonly #closers: (() => Promise<void>)[] = [];

  /** @param folder relative folders are in this one */
  constructor(context: ProgramContext, folder: string) {
    this.#context = context;
    this.#folder = folder;
  }

  /** @throws GatewayError when a folder is not there, or an application cannot be loaded */
  async make(gateway: GatewayDescription, whole: Handler): Promise<Middleware> {
    if ("cgi" in gateway) return this.#cgi(gateway, whole);
    if ("fastcgi" in gateway) return this.#fastCgi(gateway, whole);
    return this.#wsgi(gateway);
  }

  /** Ends the programs when they have done what they do. */
  async close(): Promise<void> {
    await Promise.all(this.#closers.splice(0).map((close) => close()));
  }

  async #cgi(
    { path, idle, cgi: folder, processes }: GatewayDescription & CgiDescription,
    site: Handler,
  ): Promise<Middleware> {
    const root = await this.#folderOf(folder);
    const handler = cgi(this.#context, { root, mount: path, idle: secondsOf(idle), processes, site });
    return () => handler;
  }

  async #fastCgi(gateway: GatewayDescription & FastCgiDescription, site: Handler): Promise<Middleware> {
    const { path, idle, fastcgi, folder, extension, index, connections, keep } = gateway;
    const root = await this.#folderOf(folder);
    const to = fastcgi.includes("/") ? resolve(this.#folder, fastcgi) : await this.#addressOf(fastcgi);
    const options = { to, root, extension, index, mount: path, connections, keep, idle: secondsOf(idle), site };
    return (otherwise) => fastCgiGateway(this.#context, { ...options, otherwise });
  }

  async #wsgi({
    path,
    idle,
    wsgi: app,
    folder = ".",
    workers,
    python,
  }: GatewayDescription & WsgiDescription): Promise<Middleware> {
    const options = { app, folder: await this.#folderOf(folder), workers, python, mount: path, idle: secondsOf(idle) };
    try {
      const { handler, close } = await wsgi(this.#context, options);
      this.#closers.push(close);
      return () => handler;
    } catch (error) {
      if (error instanceof ScriptError) throw new GatewayError(`${app}: ${error.message}`);
      throw error;
    }
  }

  async #folderOf(folder: string): Promise<string> {
    const path = resolve(this.#folder, folder);
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) throw new GatewayError(`${path}: there is no such folder`);
    return path;
  }

  async #addressOf(text: string): Promise<{ address: string; port: number }> {
    const parsed = parseHostPort(text);
    if (parsed === undefined) throw new GatewayError(`${text} is neither host:port nor the path of a UNIX socket`);
    try {
      const [address = ""] = await this.#context.names.lookup(parsed.host);
      return { address, port: parsed.port };
    } catch (error) {
      throw new GatewayError(`${text}: ${(error as Error).message}`);
    }
  }
}

/** What keeps a gateway from starting, in words. */
export class GatewayError extends Error {
  override name = "GatewayError";
}

const secondsOf = (duration: number | undefined): number | undefined =>
  duration === undefined ? undefined : duration / 1e9;
