import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { pixelsOf, withPalette } from "./small-png.ts";

/** Two by five pixels, each row filtered in another way. */
function everyFilter(): { readonly png: Buffer; readonly colours: readonly number[] } {
  const rows = [0, 1, 2, 3, 4].map((filter) => [filter, 10, 20, 30, 5, 6, 7]);
  const header = [0, 0, 0, 2, 0, 0, 0, 5, 8, 2, 0, 0, 0];
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  const data = deflateSync(Uint8Array.from(rows.flat()));
  const png = Buffer.concat([Buffer.alloc(8), chunk("IHDR", Uint8Array.from(header)), chunk("IDAT", data)]);
  // By hand: none, left, up, the mean of both, and whichever is nearest to their sum.
  const colours = [
    ...[0x0a141e, 0x050607, 0x0a141e, 0x0f1a25, 0x14283c],
    ...[0x14202c, 0x14283c, 0x192a3b, 0x1e3c5a, 0x234261],
  ];
  return { png, colours };
}

test("each of PNG's filters is undone", () => {
  const { png, colours } = everyFilter();
  const { width, height, colours: found } = pixelsOf(png);
  assert.deepEqual([width, height], [2, 5]);
  assert.deepEqual([...found], colours);
});

test("a picture of few colours has them all in its palette", () => {
  const { png, colours } = everyFilter();
  const small = withPalette(png);
  const at = small.indexOf("PLTE");
  const entries = Array.from({ length: small.readUInt32BE(at - 4) / 3 }, (_, n) => small.readUIntBE(at + 4 + 3 * n, 3));
  assert.deepEqual(new Set(entries), new Set(colours));
});
