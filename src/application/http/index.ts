/** HTTP/1.1 on any sockets: the handler interface and what stands on it. */
export { Body, type BodyInit, type BodyPieces } from "./body.ts";
export type { AnyResponse, Handler, Middleware, PlatformResponse, RequestInfo } from "./handler.ts";
export { Headers, type HeadersInit } from "./headers.ts";
export { type RedirectMode, Request, type RequestInit } from "./request.ts";
export { Response, type ResponseInit, type ResponseOrigin } from "./response.ts";
