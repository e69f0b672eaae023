import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  brotliDecompressSync,
  constants,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
  zstdCompressSync,
} from "node:zlib";
import { type Coder, type ContentCoding, through } from "../../application/compression.ts";
import { nodeCompression } from "./compression.ts";

const work = <T>(promise: Promise<T>): Promise<T> => promise;
const text = (size: number): Buffer => Buffer.from("all work and no play ".repeat(size / 21 + 1)).subarray(0, size);

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const OPEN: Record<ContentCoding, (bytes: Uint8Array) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  deflate: inflateSync,
};

/** What has come out of a coder. */
async function take(from: AsyncIterator<Uint8Array>): Promise<Buffer> {
  return gather({ [Symbol.asyncIterator]: () => from });
}

describe("compression by Node", () => {
  for (const coding of nodeCompression.codings) {
    test(`${coding} is what zlib expands, and expands what it made`, async () => {
      for (const [length, size] of [
        [0, 1],
        [10, 1],
        [300_000, 7000],
        [1_000_000, 1_000_000],
      ] as const) {
        const bytes = text(length);
        const small = await gather(through(pieces(bytes, size), nodeCompression.compressor(coding), work));
        assert.deepEqual(OPEN[coding](small), bytes);
        const back = await gather(through(pieces(small, 100), nodeCompression.expander(coding), work));
        assert.deepEqual(back, bytes);
      }
    });

    test(`a flush gives all that was put into ${coding} so far`, async () => {
      const coder = nodeCompression.compressor(coding);
      const expander = nodeCompression.expander(coding);
      for (const word of ["one", "two"]) {
        const out = await take(coder.push(Buffer.from(word), true));
        assert.equal(String(await take(expander.push(out))), word);
      }
      coder.close();
      expander.close();
    });

    test(`what is not ${coding}, or is cut short, is an error`, async () => {
      const bad = gather(
        through(pieces(Buffer.from("no such thing at all"), 100), nodeCompression.expander(coding), work),
      );
      await assert.rejects(bad, TypeError);
      const whole = await gather(through(pieces(text(5000), 5000), nodeCompression.compressor(coding), work));
      const cut = gather(through(pieces(whole.subarray(0, -6), 100), nodeCompression.expander(coding), work));
      await assert.rejects(cut, TypeError);
    });
  }

  test("what is small and grows large comes in pieces, and can be left", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const coder: Coder = nodeCompression.expander("gzip");
    const out = coder.push(bomb);
    const first = await out.next();
    assert.ok(first.value !== undefined && first.value.length <= 65_536);
    coder.close();
    let more = 0;
    while (!(await out.next()).done) more++;
    assert.ok(more < 3, `${more} pieces after closing`);
  });

  test("deflate without its wrapper is expanded too, byte by byte", async () => {
    const bytes = text(1000);
    const back = await gather(through(pieces(deflateRawSync(bytes), 1), nodeCompression.expander("deflate"), work));
    assert.deepEqual(back, bytes);
  });

  test("each step is given to work by name", async () => {
    const names = new Set<string>();
    const remember = <T>(promise: Promise<T>, name: string): Promise<T> => {
      names.add(name);
      return promise;
    };
    const expander = nodeCompression.expander("deflate");
    await gather(through(pieces(deflateSync("x"), 1), expander, remember, { name: "deflate" }));
    assert.deepEqual([...names], ["deflate"]);
  });
});

test("zstd is expanded as well, unless it is cut short or asks for too much memory", async (t) => {
  if (!nodeCompression.expands?.includes("zstd")) return t.skip("needs Node 22.15 or newer");
  const expand = (bytes: Uint8Array): Promise<Buffer> =>
    gather(through(pieces(bytes, 100), nodeCompression.expander("zstd"), work));
  const bytes = text(300_000);
  const small = zstdCompressSync(bytes);
  assert.deepEqual(await expand(small), bytes);
  await assert.rejects(expand(small.subarray(0, small.length - 5)), TypeError);
  await assert.rejects(expand(Buffer.from("no zstd at all")), TypeError);
  const wide = { params: { [constants.ZSTD_c_windowLog]: 25, [constants.ZSTD_c_contentSizeFlag]: 0 } };
  const huge = await gather(
    createZstdCompress(wide)
      .on("error", () => {})
      .end(text(40_000_000)),
  );
  await assert.rejects(expand(huge), TypeError);
});
