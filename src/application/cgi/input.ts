import type { BodyPieces } from "../http/body.ts";
import type { Request } from "../http/request.ts";

/** A request's body as a script takes it. */
export interface ScriptInput {
  /** Null where there is none. */
  readonly body: AsyncIterable<Uint8Array> | null;
  /** Bytes; undefined where there is none, or when it is longer than could be gathered to know. */
  readonly length: number | undefined;
}

/**
 * A script is told the length of its input before it comes (RFC 3875 §4.1.2), so where the client has not told it, the body is
 * gathered.
 * @param limit bytes to gather at most
 */
export async function scriptInput(request: Request, limit: number): Promise<ScriptInput> {
  const told = request.headers.get("content-length");
  if (told !== null && !request.headers.has("transfer-encoding"))
    return { body: request.pieces(), length: Number(told) };
  const pieces = request.pieces()[Symbol.asyncIterator]();
  const gathered: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const next = await pieces.next();
    if (next.done) return length === 0 ? { body: null, length: undefined } : { body: all(gathered), length };
    gathered.push(next.value.slice());
    length += next.value.length;
    if (length > limit) return { body: all(gathered, pieces), length: undefined };
  }
}

/** Pieces that are here, then those that come. */
async function* all(first: readonly Uint8Array[], rest?: AsyncIterator<Uint8Array>): BodyGenerator {
  yield* first;
  if (rest !== undefined) yield* { [Symbol.asyncIterator]: () => rest };
}

type BodyGenerator = AsyncGenerator<Uint8Array, void, void> & BodyPieces;
