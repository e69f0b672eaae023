import { utf8Length } from "../../../base/utf8-length.ts";
import { type BodyPieces, type Content, takeContent } from "../body.ts";
import type { AnyResponse } from "../handler.ts";
import { Headers } from "../headers.ts";
import { Response } from "../response.ts";

/** Any response as one of ours, whose headers can be changed. */
export function ownResponse(response: AnyResponse): Response {
  if (response instanceof Response) return response;
  const { status, statusText, headers, body } = response;
  return new Response(body, { status, statusText, headers: new Headers(headers) });
}

/**
 * The same response with another body, which the old one loses. One without a body stays itself: what leaves HTTP is known by
 * it ({@link RequestInfo.upgrade}).
 */
export function withContent(response: Response, change: (content: NonNullable<Content>) => Content): Response {
  const { status, statusText, headers } = response;
  const content = takeContent(response);
  return content === null ? response : new Response(change(content), { status, statusText, headers });
}

/** Pieces in place of others, with the trailer fields of those. */
export function inPlaceOf(original: BodyPieces, pieces: AsyncIterable<Uint8Array>): BodyPieces {
  return {
    [Symbol.asyncIterator]: () => pieces[Symbol.asyncIterator](),
    get trailers() {
      return original.trailers;
    },
  };
}

/** Bytes of a body, where they are known. */
export function lengthOf(content: Content, headers: Headers): number | undefined {
  if (content === null) return 0;
  if (content instanceof Uint8Array) return content.length;
  if (typeof content === "string") return utf8Length(content);
  const written = headers.get("content-length");
  return written === null || !/^\d+$/.test(written) ? undefined : Number(written);
}
