import type { Gzip, Zlib } from "fflate";
import type { Coder, Compression, CompressorOptions, ContentCoding } from "../../application/compression.ts";
import { streamCompression } from "../compression-stream.ts";

/**
 * Compression in a page or a Worker: browsers expand by themselves; what they compress with can give out nothing before its end, so
 * fflate does that, which is loaded when it is first needed. Undefined where the browser has no DecompressionStream.
 */
export function browserCompression(): Compression | undefined {
  const own = streamCompression();
  return own && { ...own, canFlush: true, compressor: (coding, options) => new FlateCoder(coding, options) };
}

class FlateCoder implements Coder {
  readonly #coding: ContentCoding;
  readonly #level: number;
  readonly #out: Uint8Array[] = [];
  #stream: Gzip | Zlib | undefined;

  constructor(coding: ContentCoding, { level = 6 }: CompressorOptions = {}) {
    if (coding === "br") throw new RangeError("this engine has no br");
    this.#coding = coding;
    this.#level = level;
  }

  async *push(bytes: Uint8Array, flush = false): AsyncGenerator<Uint8Array, undefined> {
    const stream = await this.#begun();
    if (bytes.length > 0) stream.push(bytes);
    if (flush) stream.flush();
    yield* this.#out.splice(0);
  }

  async *finish(): AsyncGenerator<Uint8Array, undefined> {
    const stream = await this.#begun();
    stream.push(new Uint8Array(0), true);
    yield* this.#out.splice(0);
  }

  close(): void {
    this.#out.length = 0;
  }

  async #begun(): Promise<Gzip | Zlib> {
    if (this.#stream !== undefined) return this.#stream;
    const flate = await import("fflate");
    const level = Math.max(1, Math.min(9, this.#level)) as 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
    const stream = this.#coding === "gzip" ? new flate.Gzip({ level, mtime: 0 }) : new flate.Zlib({ level });
    stream.ondata = (piece) => void this.#out.push(piece);
    this.#stream = stream;
    return stream;
  }
}
