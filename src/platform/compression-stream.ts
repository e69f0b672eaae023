import type { Coder, Compression, MetCoding } from "../application/compression.ts";

/** As much of the Compression standard's streams as is used; engines without one have no such constructor. */
interface Transform {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}
type MakeTransform = new (format: string) => Transform;

/** Bytes that are put in at once, so that what comes out is bounded: deflate grows at most a thousandfold. */
const STEP = 4096;

/** Compression by the engine's CompressionStream: gzip and deflate, without flushing and levels. Undefined where there is none. */
export function streamCompression(engine: object = globalThis): Compression | undefined {
  const { CompressionStream: Compressor, DecompressionStream: Expander } = engine as Record<
    string,
    MakeTransform | undefined
  >;
  if (Compressor === undefined || Expander === undefined) return undefined;
  const check = (coding: MetCoding): string => {
    if (coding === "br" || coding === "zstd") throw new RangeError(`this engine has no ${coding}`);
    return coding;
  };
  return {
    codings: ["gzip", "deflate"],
    canFlush: false,
    compressor: (coding) => new StreamCoder(new Compressor(check(coding))),
    expander: (coding) => new StreamCoder(new Expander(check(coding))),
  };
}

class StreamCoder implements Coder {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #out: Uint8Array[] = [];
  readonly #drained: Promise<void>;
  #error: unknown;

  constructor({ readable, writable }: Transform) {
    this.#writer = writable.getWriter();
    this.#reader = readable.getReader();
    this.#writer.closed.catch(() => {}); // what is wrong is told where it is read
    this.#drained = this.#drain();
  }

  async *push(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
    for (let at = 0; at < bytes.length; at += STEP) {
      await this.#step(this.#writer.write(bytes.slice(at, at + STEP)));
      yield* this.#out.splice(0);
    }
  }

  async *finish(): AsyncGenerator<Uint8Array, undefined> {
    await this.#step(this.#writer.close());
    await this.#drained;
    if (this.#error !== undefined) throw damaged(this.#error);
    yield* this.#out.splice(0);
  }

  close(): void {
    this.#reader.cancel().catch(() => {});
    this.#writer.abort().catch(() => {});
  }

  async #step(done: Promise<void>): Promise<void> {
    try {
      await done;
    } catch (error) {
      throw damaged(error);
    }
  }

  /** Takes what comes out at once: else nothing more would go in. */
  async #drain(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) return;
        this.#out.push(value);
      }
    } catch (error) {
      this.#error = error;
    }
  }
}

const damaged = (error: unknown): TypeError => new TypeError(`the compressed data is damaged: ${String(error)}`);
