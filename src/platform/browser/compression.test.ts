import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, gunzipSync, inflateSync } from "node:zlib";
import type { Coder, Compression } from "../../application/compression.ts";
import { browserCompression } from "./compression.ts";

const compression = browserCompression() as Compression;

async function all(pieces: AsyncIterator<Uint8Array, undefined>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) found.push(next.value);
  return Buffer.concat(found);
}
const coded = async (coder: Coder, bytes: Uint8Array): Promise<Buffer> =>
  Buffer.concat([await all(coder.push(bytes)), await all(coder.finish())]);

const TEXT = Buffer.from("a line of text, again and again\n".repeat(500));

test("what it compresses zlib expands, and its own expander", async () => {
  for (const [coding, expand] of [
    ["gzip", gunzipSync],
    ["deflate", inflateSync],
  ] as const) {
    const small = await coded(compression.compressor(coding), TEXT);
    assert.ok(small.length < TEXT.length / 20, coding);
    assert.deepEqual(expand(small), TEXT);
    assert.deepEqual(await coded(compression.expander(coding), small), TEXT);
  }
});

test("a flush gives out all that was put in so far", async () => {
  const coder = compression.compressor("gzip", { level: 1 });
  const first = await all(coder.push(Buffer.from("event: one\n\n"), true));
  assert.equal(gunzipSync(first, { finishFlush: constants.Z_SYNC_FLUSH }).toString(), "event: one\n\n");
  const rest = await coded(coder, Buffer.from("event: two\n\n"));
  assert.equal(gunzipSync(Buffer.concat([first, rest])).toString(), "event: one\n\nevent: two\n\n");
});

test("the same bytes come of the same text each time, and what is not there is refused", async () => {
  const [one, other] = [compression.compressor("gzip"), compression.compressor("gzip")];
  assert.deepEqual(await coded(one, TEXT), await coded(other, TEXT));
  assert.throws(() => compression.compressor("br"), RangeError);
  assert.deepEqual(compression.codings, ["gzip", "deflate"]);
});
