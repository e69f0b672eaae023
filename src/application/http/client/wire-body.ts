import { encodeLatin1 } from "../../../base/latin1.ts";
import type { Fields } from "../message/fields.ts";
import { CHUNK_END, formatChunkSize, formatLastChunk } from "../message/serialiser.ts";

/** The body of a request as it goes out. */
export interface WireBody {
  /** All of it, or what gives it piece by piece. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  /** Bytes, where that is known beforehand; without it the body is sent in chunks (RFC 9112 §7.1). */
  readonly length: number | undefined;
  /** Fields to follow a body that is sent in chunks, asked for when it has ended. */
  readonly trailers?: (() => Fields | undefined) | undefined;
}

const END = encodeLatin1(CHUNK_END);

/** A body's bytes on the wire. @throws TypeError when it is not as long as was said: the caller's bug */
export async function* framed(body: WireBody): AsyncGenerator<Uint8Array, void, void> {
  const { content, length, trailers } = body;
  const pieces = content instanceof Uint8Array ? [content] : content;
  if (length === undefined) yield* chunked(pieces, trailers);
  else yield* counted(pieces, length);
}

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function* chunked(pieces: Pieces, trailers: WireBody["trailers"]): AsyncGenerator<Uint8Array, void, void> {
  for await (const piece of pieces) {
    if (piece.length === 0) continue; // an empty chunk would end the body
    const size = formatChunkSize(piece.length);
    const chunk = new Uint8Array(size.length + piece.length + END.length);
    chunk.set(encodeLatin1(size));
    chunk.set(piece, size.length);
    chunk.set(END, size.length + piece.length);
    yield chunk;
  }
  yield encodeLatin1(formatLastChunk(trailers?.()));
}

async function* counted(pieces: Pieces, length: number): AsyncGenerator<Uint8Array, void, void> {
  let left = length;
  for await (const piece of pieces) {
    left -= piece.length;
    if (left < 0) break;
    yield piece;
  }
  if (left !== 0) throw new TypeError(`the body is ${left < 0 ? "longer" : "shorter"} than its ${length} bytes`);
}
