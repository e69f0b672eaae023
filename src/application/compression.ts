/** Content codings that HTTP compresses with (RFC 9110 §8.4.1, RFC 7932); `deflate` is the zlib format. */
export type ContentCoding = "br" | "gzip" | "deflate";

/** Content codings that may be met: some engines expand what they do not compress with (RFC 8878). */
export type MetCoding = ContentCoding | "zstd";

/** What compresses and expands: zlib and its like. Not every engine has one, nor every coding. */
export interface Compression {
  /** Those there are, the one that makes things smallest first. */
  readonly codings: readonly ContentCoding[];
  /** Those that can be expanded, where there are more than {@link codings}. */
  readonly expands?: readonly MetCoding[] | undefined;
  /** Whether a coder can give out what it was given so far, as events need that are read one by one. */
  readonly canFlush: boolean;
  /** @throws RangeError for a coding that is not there */
  compressor(coding: ContentCoding, options?: CompressorOptions): Coder;
  /** @throws RangeError for a coding that is not there */
  expander(coding: MetCoding): Coder;
}

export interface CompressorOptions {
  /** 1 fastest to 9 smallest; 6 unless given. */
  readonly level?: number | undefined;
}

/**
 * One stream through a coding. What it gives waits for the coding alone, never for the network, so that a program can wrap
 * each step in its context's `work`.
 */
export interface Coder {
  /**
   * Takes bytes in and gives what comes out, in pieces of bounded size; all of it has to be taken before the next call.
   * @param flush gives out all that was put in so far, where the engine can
   * @throws TypeError when the bytes are not of the coding
   */
  push(bytes: Uint8Array, flush?: boolean): AsyncIterator<Uint8Array, undefined>;
  /** Ends the stream and gives the rest. @throws TypeError when it is cut short */
  finish(): AsyncIterator<Uint8Array, undefined>;
  /** Gives up; closing again, or after the end, does nothing. */
  close(): void;
}

/** Waits for what is outside the network, as a program's context does. */
type Work = <T>(promise: Promise<T>, name: string) => Promise<T>;

/** A stream of bytes through a coder, piece by piece. The coder is closed when the stream ends or is left. */
export async function* through(
  chunks: AsyncIterable<Uint8Array>,
  coder: Coder,
  work: Work,
  { name = "coding", flush = false }: { readonly name?: string; readonly flush?: boolean } = {},
): AsyncGenerator<Uint8Array, undefined> {
  try {
    for await (const chunk of chunks) yield* pieces(coder.push(chunk, flush), work, name);
    yield* pieces(coder.finish(), work, name);
  } finally {
    coder.close();
  }
}

async function* pieces(
  from: AsyncIterator<Uint8Array, undefined>,
  work: Work,
  name: string,
): AsyncGenerator<Uint8Array, undefined> {
  for (;;) {
    const next = await work(from.next(), name);
    if (next.done === true) return;
    yield next.value;
  }
}
