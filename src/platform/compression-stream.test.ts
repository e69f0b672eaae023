import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { type Coder, type Compression, through } from "../application/compression.ts";
import { streamCompression } from "./compression-stream.ts";

const work = <T>(promise: Promise<T>): Promise<T> => promise;
const compression = streamCompression() as Compression;

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function run(bytes: Uint8Array, size: number, coder: Coder): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of through(pieces(bytes, size), coder, work)) all.push(piece);
  return Buffer.concat(all);
}

describe("compression by an engine's streams", () => {
  for (const [coding, open] of [
    ["gzip", gunzipSync],
    ["deflate", inflateSync],
  ] as const) {
    test(`${coding} is what zlib expands, and expands what it made`, async () => {
      for (const [length, size] of [
        [0, 1],
        [10, 1],
        [300_000, 7000],
        [1_000_000, 1_000_000],
      ] as const) {
        const bytes = Buffer.alloc(length, "all work and no play ");
        const small = await run(bytes, size, compression.compressor(coding));
        assert.deepEqual(open(small), bytes);
        assert.deepEqual(await run(small, 100, compression.expander(coding)), bytes);
      }
    });

    test(`what is not ${coding}, or is cut short, is an error`, async () => {
      await assert.rejects(run(Buffer.from("no such thing at all"), 100, compression.expander(coding)), TypeError);
      const whole = await run(Buffer.alloc(5000, "x"), 5000, compression.compressor(coding));
      await assert.rejects(run(whole.subarray(0, -6), 100, compression.expander(coding)), TypeError);
    });
  }

  test("can be left in the middle", async () => {
    const coder = compression.expander("gzip");
    const out = coder.push(gzipSync(Buffer.alloc(1_000_000)));
    await out.next();
    coder.close();
    coder.close();
  });

  test("is not there where the engine has none, nor is br", () => {
    assert.equal(streamCompression({}), undefined);
    assert.throws(() => compression.compressor("br"), RangeError);
  });
});
