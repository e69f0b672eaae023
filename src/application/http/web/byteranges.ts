import { type ByteRange, contentRange } from "./range.ts";

/** Several parts of one representation in a body (RFC 9110 §14.6). */
export interface ByteRangesBody {
  /** `Content-Type` of the answer. */
  readonly type: string;
  /** Bytes of the body. */
  readonly length: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Puts ranges into a `multipart/byteranges` body.
 * @param boundary what does not occur in the content, up to 70 characters of RFC 2046 §5.1.1
 * @param read the content of one range, piece by piece
 */
export function byteRanges(
  ranges: readonly ByteRange[],
  { size, type, boundary }: { readonly size: number; readonly type: string; readonly boundary: string },
  read: (range: ByteRange) => AsyncIterable<Uint8Array>,
): ByteRangesBody {
  const encoder = new TextEncoder();
  const heads = ranges.map((range, index) => {
    const head = `${index === 0 ? "" : "\r\n"}--${boundary}\r\nContent-Type: ${type}\r\n`;
    return encoder.encode(`${head}Content-Range: ${contentRange(range, size)}\r\n\r\n`);
  });
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const [index, range] of ranges.entries()) {
      yield heads[index] as Uint8Array;
      yield* read(range);
    }
    yield tail;
  }
  const content = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const length = heads.reduce((sum, head) => sum + head.length, content) + tail.length;
  return { type: `multipart/byteranges; boundary=${boundary}`, length, chunks: chunks() };
}
