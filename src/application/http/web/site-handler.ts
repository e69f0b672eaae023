import type { Files } from "../../files.ts";
import { heldFiles } from "../../files.ts";
import { MemoryFiles } from "../../memory-files.ts";
import type { ProgramContext } from "../../program.ts";
import type { Handler, Middleware } from "../handler.ts";
import { isUnder, normalPath } from "../path.ts";
import { reverseProxy } from "../proxy/reverse-proxy.ts";
import type { Request } from "../request.ts";
import { Response } from "../response.ts";
import { basicAuth, knownUsers } from "./basic-auth.ts";
import { compress } from "./compress.ts";
import { cors } from "./cors.ts";
import { filePath } from "./file-path.ts";
import { formHandler } from "./form-rule.ts";
import { trace } from "./methods.ts";
import { rateLimit } from "./rate-limit.ts";
import { redirects } from "./redirects.ts";
import { ownResponse } from "./response.ts";
import type { AuthDescription, GatewayDescription, SiteDescription, WebDescription } from "./site.ts";
import { staticFiles } from "./static-files.ts";
import { virtualHosts } from "./virtual-hosts.ts";

/** What a description names and only the platform can give. */
export interface SiteMakers {
  /** A folder of the operating system. @throws where there is none */
  readonly folder: (path: string, site: SiteDescription) => Promise<Files>;
  /** A program behind a gateway. @param whole the handler of the site. @throws where the program cannot be started */
  readonly gateway?: ((gateway: GatewayDescription, whole: Handler) => Promise<Middleware>) | undefined;
}

/** What a site writes to its program's log, in English. */
export const SITE_MESSAGES = { form: "{path} was sent: {fields}" } as const;

/** Answers `OPTIONS *` (RFC 9110 §9.3.7). */
const METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH";

/** Puts middleware before a handler: the first is the outermost. */
export const layered = (layers: readonly Middleware[], handler: Handler): Handler =>
  layers.reduceRight((next, layer) => layer(next), handler);

/** The handler of a whole server: its sites by name, behind the rate limit. */
export async function webHandler(
  context: ProgramContext,
  { sites, rateLimit: limit }: WebDescription,
  makers?: SiteMakers,
): Promise<Handler> {
  const named = await Promise.all(
    sites.map(async (site) => ({ names: site.hosts ?? ["*"], handler: await siteHandler(context, site, makers) })),
  );
  return layered(limit === undefined ? [] : [rateLimit(context, limit)], virtualHosts(named));
}

/** The handler of one site. @throws what its folder's maker does */
export async function siteHandler(
  context: ProgramContext,
  site: SiteDescription,
  makers?: SiteMakers,
): Promise<Handler> {
  const layers: Middleware[] = [wholeServer(site.trace === true)];
  if (site.headers !== undefined) layers.push(withHeaders(site.headers));
  if (site.cors !== undefined) layers.push(cors(site.cors));
  if (site.auth !== undefined) layers.push(protect(site.auth));
  if (site.redirects !== undefined) layers.push(redirects(site.redirects));
  if (site.compression === true) layers.push(compress(context));
  layers.push(forms(context, site));
  const whole: Handler = (request, info) => handler(request, info);
  for (const gateway of inOrder(site.gateways ?? [])) layers.push(await gatewayLayer(site, gateway, whole, makers));
  if (site.proxy !== undefined) layers.push(reverseProxy(context, { routes: site.proxy }).middleware);
  const handler = layered(
    layers,
    staticFiles(context, await filesOf(context, site, makers), {
      ...site,
      cacheControl: site.cache,
    }),
  );
  return handler;
}

/** The longest path first: it is asked before one that holds it. */
const inOrder = (gateways: readonly GatewayDescription[]): readonly GatewayDescription[] =>
  gateways.toSorted((a, b) => b.path.length - a.path.length);

async function gatewayLayer(
  site: SiteDescription,
  gateway: GatewayDescription,
  whole: Handler,
  makers: SiteMakers | undefined,
): Promise<Middleware> {
  if (makers?.gateway === undefined) {
    throw new TypeError(`${site.name} has gateways, which there are only on the operating system`);
  }
  const layer = await makers.gateway(gateway, whole);
  return (next) => {
    const handler = layer(next);
    return (request, info) => {
      const normal = normalPath(request.target);
      return normal !== undefined && isUnder(normal.path, gateway.path) ? handler(request, info) : next(request, info);
    };
  };
}

async function filesOf(context: ProgramContext, site: SiteDescription, makers?: SiteMakers): Promise<Files> {
  if (site.folder === undefined)
    return new MemoryFiles(Object.entries(site.files ?? {}), context.clock.date().getTime());
  if (makers === undefined)
    throw new TypeError(`${site.name} has a folder, which there is only on the operating system`);
  return heldFiles(await makers.folder(site.folder, site), context.work);
}

/** What is asked of the server, not of one of its resources. */
const wholeServer =
  (mayTrace: boolean): Middleware =>
  (next) =>
  (request, info) => {
    if (request.method === "OPTIONS" && request.target === "*") {
      return new Response(null, { status: 204, headers: { Allow: METHODS } });
    }
    return request.method === "TRACE" && mayTrace ? trace(request) : next(request, info);
  };

const withHeaders =
  (fields: Readonly<Record<string, string>>): Middleware =>
  (next) =>
  async (request, info) => {
    const response = ownResponse(await next(request, info));
    for (const [name, value] of Object.entries(fields)) {
      if (value === "") response.headers.delete(name);
      else response.headers.set(name, value);
    }
    return response;
  };

/** Asks for a user below some paths. Which path it is, is decided as for files: in every spelling the same. */
function protect({ realm, users, paths = ["/"] }: AuthDescription): Middleware {
  const auth = basicAuth({ realm, verify: knownUsers(new Map(Object.entries(users))) });
  const prefixes = paths.map((path) => path.replace(/^\/|\/$/g, ""));
  return (next) => {
    const guarded = auth(next);
    return (request, info) => {
      const path = filePath(request.target);
      const isFree = typeof path !== "number" && !prefixes.some((prefix) => isBelow(path.path, prefix));
      return (isFree ? next : guarded)(request, info);
    };
  };
}

const isBelow = (path: string, prefix: string): boolean =>
  prefix === "" || path === prefix || path.startsWith(`${prefix}/`);

/** Forms stand before files, which know no POST. */
function forms(context: ProgramContext, { forms: rules = [] }: SiteDescription): Middleware {
  const handlers = new Map(
    rules.map((rule) => {
      const tell = (fields: readonly (readonly [string, string])[]): void => {
        const text = fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(" ");
        context.log("form", { path: rule.path, fields: text });
      };
      return [rule.path, formHandler(rule, tell)] as const;
    }),
  );
  return (next) => (request, info) => {
    if (request.method === "GET" || request.method === "HEAD") return next(request, info);
    return (handlers.get(pathOf(request)) ?? next)(request, info);
  };
}

function pathOf(request: Request): string {
  const path = filePath(request.target);
  return typeof path === "number" ? "" : path.encoded;
}
