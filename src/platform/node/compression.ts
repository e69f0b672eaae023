import zlib from "node:zlib";
import type { Coder, Compression, CompressorOptions, ContentCoding, MetCoding } from "../../application/compression.ts";

/** Bytes of one piece that comes out. */
const PIECE = 65_536;

type Stream =
  | zlib.Gzip
  | zlib.Gunzip
  | zlib.Deflate
  | zlib.Inflate
  | zlib.InflateRaw
  | zlib.BrotliCompress
  | zlib.BrotliDecompress
  | zlib.ZstdDecompress;

/** Bits of the largest window that a decoder of HTTP has to have, and that nobody may ask more of: 8 MiB (RFC 9659). */
const ZSTD_WINDOW = 23;
/** An older Node 22 has it not. */
const hasZstd = typeof zlib.createZstdDecompress === "function";

/** Compression by Node's zlib. */
export const nodeCompression: Compression = {
  codings: ["br", "gzip", "deflate"],
  expands: ["br", "gzip", "deflate", ...(hasZstd ? (["zstd"] as const) : [])],
  canFlush: true,
  compressor: (coding, options) => new ZlibCoder(() => compressorOf(coding, options)),
  expander: (coding) => new ZlibCoder((first) => expanderOf(coding, first)),
};

function compressorOf(coding: ContentCoding, { level = 6 }: CompressorOptions = {}): Stream {
  const { constants } = zlib;
  if (coding === "gzip") return zlib.createGzip({ level, chunkSize: PIECE });
  if (coding === "deflate") return zlib.createDeflate({ level, chunkSize: PIECE });
  if (coding !== "br") throw new RangeError(`no coding ${coding}`);
  // 9 of zlib is nearer to 9 of Brotli than to its 11, which is for files that are compressed once.
  const quality = Math.max(1, level - 2);
  return zlib.createBrotliCompress({ chunkSize: PIECE, params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}

function expanderOf(coding: MetCoding, first: number): Stream {
  if (coding === "gzip") return zlib.createGunzip({ chunkSize: PIECE });
  // Some send deflate without its zlib wrapper under this name (RFC 9110 §8.4.1.2); the wrapper's method tells them apart.
  const isWrapped = (first & 15) === 8;
  if (coding === "deflate") return (isWrapped ? zlib.createInflate : zlib.createInflateRaw)({ chunkSize: PIECE });
  if (coding === "zstd" && hasZstd) {
    const params = { [zlib.constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW };
    return zlib.createZstdDecompress({ chunkSize: PIECE, params });
  }
  if (coding !== "br") throw new RangeError(`no coding ${coding}`);
  return zlib.createBrotliDecompress({ chunkSize: PIECE });
}

/** A zlib stream, asked for what it has instead of telling it. */
class ZlibCoder implements Coder {
  readonly #make: (first: number) => Stream;
  #made: Stream | undefined;
  #error: Error | undefined;
  #ended = false;
  #closed = false;
  #wake: (() => void) | undefined;

  /** @param make is told the first byte */
  constructor(make: (first: number) => Stream) {
    this.#make = make;
  }

  #stream(first = 0): Stream {
    if (this.#made !== undefined) return this.#made;
    const stream = this.#make(first);
    this.#made = stream;
    stream.on("readable", () => this.#tell());
    stream.on("end", () => {
      this.#ended = true;
      this.#tell();
    });
    stream.on("error", (error) => {
      this.#error = new TypeError(`the compressed data is damaged: ${error.message}`);
      this.#tell();
    });
    return stream;
  }

  push(bytes: Uint8Array, flush = false): AsyncIterator<Uint8Array, undefined> {
    let taken = false;
    const done = (): void => {
      taken = true;
      this.#tell();
    };
    if (bytes.length === 0 && !flush) return this.#pieces(() => true);
    const stream = this.#stream(bytes[0]);
    stream.write(bytes, () => {
      if (flush && !this.#closed) stream.flush(flushOf(stream), done);
      else done();
    });
    return this.#pieces(() => taken);
  }

  finish(): AsyncIterator<Uint8Array, undefined> {
    this.#stream().end();
    return this.#pieces(() => this.#ended);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#made?.destroy();
    this.#tell();
  }

  async *#pieces(done: () => boolean): AsyncGenerator<Uint8Array, undefined> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const piece = this.#closed ? null : (this.#stream().read() as Uint8Array | null);
      if (piece !== null) yield piece;
      else if (done() || this.#closed) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

const flushOf = (stream: Stream): number =>
  stream instanceof zlib.BrotliCompress ? zlib.constants.BROTLI_OPERATION_FLUSH : zlib.constants.Z_SYNC_FLUSH;
