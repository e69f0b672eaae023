/** HTTP/1.1 on any sockets: the handler interface and what stands on it. */
export * from "../files.ts";
export { MemoryFiles } from "../memory-files.ts";
export * from "../websocket/index.ts";
export { Body, type BodyInit, type BodyPieces } from "./body.ts";
export { HttpClient, type HttpClientOptions, type Upgraded, type UpgradeInit } from "./client/client.ts";
export { type Cookie, CookieJar, type CookieJarOptions, type CookieRefusal } from "./client/cookie-jar.ts";
export type { ClientTls } from "./client/dial.ts";
export { HttpError, type HttpErrorCode, type Phase } from "./client/http-error.ts";
export { POOL_LIMITS, type PoolLimits } from "./client/pool.ts";
export type { AnyResponse, Handler, Middleware, PlatformResponse, RequestInfo } from "./handler.ts";
export { Headers, type HeadersInit } from "./headers.ts";
export type { MessageLimits } from "./message/limits.ts";
export {
  PROXY_MESSAGES,
  type ProxyOptions,
  type ProxyRoute,
  type ProxySnapshot,
  type ReverseProxy,
  reverseProxy,
} from "./proxy/reverse-proxy.ts";
export type { Balance, UpstreamDescription } from "./proxy/upstreams.ts";
export { type RedirectMode, Request, type RequestInit } from "./request.ts";
export { Response, type ResponseInit, type ResponseOrigin } from "./response.ts";
export { DEFAULT_SERVER_LIMITS, type ServerLimits } from "./server/limits.ts";
export { type CloseOptions, HTTP_MESSAGES, type HttpServer, type ServeOptions, serveHttp } from "./server/server.ts";
export { StatusError } from "./status-error.ts";
export { type Access, accessLog, formatAccess, refusalLog } from "./web/access-log.ts";
export { type BasicAuthOptions, basicAuth, basicCredentials, type Credentials, knownUsers } from "./web/basic-auth.ts";
export { parseCacheControl } from "./web/cache-control.ts";
export { type CompressOptions, compress } from "./web/compress.ts";
export { type ConditionalRequest, checkPreconditions, rangeApplies, type Validators } from "./web/conditional.ts";
export { type CookieOptions, formatSetCookie, parseCookies } from "./web/cookie.ts";
export { type CorsOptions, cors } from "./web/cors.ts";
export { formatHttpDate, parseHttpDate } from "./web/date.ts";
export { type EntityTag, formatEntityTag, parseEntityTag } from "./web/entity-tag.ts";
export {
  type EventStreamOptions,
  type EventWriter,
  eventStream,
  lastEventId,
  type ServerEvent,
} from "./web/event-stream.ts";
export { type Filter, filtered } from "./web/filter.ts";
export type { FormRule } from "./web/form-rule.ts";
export {
  type HttpsOptions,
  type NamedIdentity,
  redirectToHttps,
  type ServeWebOptions,
  serveWeb,
  strictTransport,
  type WebServer,
} from "./web/https.ts";
export { byMethod, type Methods, trace } from "./web/methods.ts";
export { addVary, preferredCoding, preferredLanguage, preferredType } from "./web/negotiate.ts";
export { PLAIN_PORTS, type PlainPort } from "./web/plain-ports.ts";
export { type RateLimit, rateLimit } from "./web/rate-limit.ts";
export { type RedirectRule, redirects } from "./web/redirects.ts";
export type { AuthDescription, GatewayDescription, SiteDescription, WebDescription } from "./web/site.ts";
export { layered, SITE_MESSAGES, type SiteMakers, siteHandler, webHandler } from "./web/site-handler.ts";
export { type StaticFilesOptions, staticFiles } from "./web/static-files.ts";
export { type NamedSite, virtualHosts } from "./web/virtual-hosts.ts";
