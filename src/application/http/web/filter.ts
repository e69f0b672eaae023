import { piecesOf, takeContent } from "../body.ts";
import type { Middleware } from "../handler.ts";
import { Request } from "../request.ts";
import type { Response } from "../response.ts";
import { inPlaceOf, ownResponse, withContent } from "./response.ts";

/** Bytes on their way. */
export type Pieces = AsyncIterable<Uint8Array>;

/** What sees, and may change, what passes in each direction, piece by piece. */
export interface Filter {
  /** Given each request's body; what it gives instead goes on, and its length is not told any more. */
  readonly request?: ((body: Pieces, request: Request) => Pieces) | undefined;
  /** The same for each response's, whose headers may be changed too. */
  readonly response?: ((body: Pieces, response: Response, request: Request) => Pieces) | undefined;
}

/** Puts a filter before a handler. Nothing of a body is kept: as fast as it is read, it comes. */
export function filtered(filter: Filter): Middleware {
  const { request: onRequest, response: onResponse } = filter;
  return (next) => async (request, info) => {
    const passed = onRequest === undefined ? request : changed(request, onRequest);
    const response = ownResponse(await next(passed, info));
    if (onResponse === undefined || request.method === "HEAD") return response;
    return withContent(response, (content) => {
      forgetLength(response.headers);
      const pieces = piecesOf(content);
      return inPlaceOf(pieces, onResponse(pieces, response, request));
    });
  };
}

function changed(request: Request, filter: NonNullable<Filter["request"]>): Request {
  const content = takeContent(request);
  if (content === null) return request;
  const pieces = piecesOf(content);
  const body = inPlaceOf(pieces, filter(pieces, request));
  const { url, method, headers, signal } = request;
  const other = new Request(url, { method, headers, body, signal });
  forgetLength(other.headers);
  return other;
}

/** Another length, and another content than a digest was made of (RFC 9530). */
function forgetLength(headers: Request["headers"]): void {
  for (const name of ["Content-Length", "Content-MD5", "Content-Digest", "Repr-Digest"]) headers.delete(name);
}
