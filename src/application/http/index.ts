/** HTTP/1.1 on any sockets: the handler interface and what stands on it. */
export { Body, type BodyInit, type BodyPieces } from "./body.ts";
export { HttpClient, type HttpClientOptions, type Upgraded, type UpgradeInit } from "./client/client.ts";
export { type Cookie, CookieJar, type CookieJarOptions, type CookieRefusal } from "./client/cookie-jar.ts";
export { HttpError, type HttpErrorCode, type Phase } from "./client/http-error.ts";
export { POOL_LIMITS, type PoolLimits } from "./client/pool.ts";
export type { AnyResponse, Handler, Middleware, PlatformResponse, RequestInfo } from "./handler.ts";
export { Headers, type HeadersInit } from "./headers.ts";
export { type RedirectMode, Request, type RequestInit } from "./request.ts";
export { Response, type ResponseInit, type ResponseOrigin } from "./response.ts";
export { DEFAULT_SERVER_LIMITS, type ServerLimits } from "./server/limits.ts";
export { type CloseOptions, HTTP_MESSAGES, type HttpServer, type ServeOptions, serveHttp } from "./server/server.ts";
export { StatusError } from "./status-error.ts";
