import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { ask } from "../../../../test/fixtures/handler.ts";
import { nodeCompression } from "../../../../test/fixtures/machine.ts";
import type { BodyInit } from "../body.ts";
import { Response } from "../response.ts";
import { compress } from "./compress.ts";

const work = <T>(promise: Promise<T>): Promise<T> => promise;
const TEXT = "all work and no play ".repeat(200);
const answering = (body: BodyInit | null, headers: Record<string, string> = {}, status = 200) =>
  compress({ compression: nodeCompression, work })(
    () => new Response(body, { status, headers: { "Content-Type": "text/html", ...headers } }),
  );
const get = (handler: ReturnType<typeof answering>, accept: string, method = "GET") =>
  ask(handler, { method, headers: { "Accept-Encoding": accept } });

describe("compression (RFC 9110 §8.4, §12.5.3)", () => {
  test("is by the coding that the client prefers", async () => {
    const open = { br: brotliDecompressSync, gzip: gunzipSync, deflate: inflateSync };
    for (const [coding, expand] of Object.entries(open)) {
      const response = await get(answering(TEXT, { ETag: '"1"', "Content-Length": String(TEXT.length) }), coding);
      assert.equal(response.headers.get("content-encoding"), coding);
      assert.equal(response.headers.get("vary"), "Accept-Encoding");
      assert.equal(response.headers.get("etag"), 'W/"1"');
      assert.equal(response.headers.get("content-length"), null);
      assert.equal(String(expand(await response.bytes())), TEXT);
    }
    assert.equal((await get(answering(TEXT), "gzip, br")).headers.get("content-encoding"), "br");
  });

  test("is not for who does not want it, which depends on Accept-Encoding all the same", async () => {
    for (const accept of ["", "identity", "gzip;q=0", "zstd"]) {
      const response = await get(answering(TEXT, { ETag: '"1"' }), accept);
      assert.equal(response.headers.get("content-encoding"), null, accept);
      assert.equal(response.headers.get("vary"), "Accept-Encoding");
      assert.equal(response.headers.get("etag"), '"1"');
      assert.equal(await response.text(), TEXT);
    }
  });

  test("is not for what is compressed already, small, a part, or not to be transformed", async () => {
    const left = [
      answering(TEXT, { "Content-Type": "image/png" }),
      answering(TEXT, { "Content-Encoding": "x" }),
      answering(TEXT, { "Cache-Control": "public, No-Transform" }),
      answering(TEXT, { "Content-Range": "bytes 0-1/2", ETag: '"1"' }, 206),
      answering("short"),
      answering(null, {}, 304),
      answering(null, {}, 204),
    ];
    for (const handler of left) {
      const response = await get(handler, "gzip");
      assert.notEqual(response.headers.get("content-encoding"), "gzip");
      await response.bytes();
    }
  });

  test("is told by Vary of a part and of 304 too, and the tag of 304 is that of what the client has", async () => {
    const part = await get(answering(TEXT, { "Content-Range": "bytes 0-1/2", ETag: '"1"' }, 206), "gzip");
    assert.deepEqual([part.headers.get("vary"), part.headers.get("etag")], ["Accept-Encoding", '"1"']);
    for (const [known, tag] of [
      ['W/"1"', 'W/"1"'],
      ['"1"', '"1"'],
      ['W/"0", "1"', '"1"'],
      ["*", '"1"'],
    ] as const) {
      const headers = { "Accept-Encoding": "gzip", "If-None-Match": known };
      const response = await ask(answering(null, { ETag: '"1"' }, 304), { headers });
      assert.deepEqual([response.headers.get("vary"), response.headers.get("etag")], ["Accept-Encoding", tag], known);
    }
  });

  test("is done once for a page that does not change, and never mixes pages up", async () => {
    let times = 0;
    const compression = {
      ...nodeCompression,
      compressor: (...given: Parameters<typeof nodeCompression.compressor>) => {
        times++;
        return nodeCompression.compressor(...given);
      },
    };
    const page = (text: string, entityTag: string) =>
      new Response(new TextEncoder().encode(text), { headers: { "Content-Type": "text/html", ETag: entityTag } });
    const pages = [
      page(TEXT, '"1"'),
      page(TEXT, '"1"'),
      page(`${TEXT}x`, '"1"'),
      page(TEXT, 'W/"1"'),
      page(TEXT, 'W/"1"'),
    ];
    const handler = compress({ compression, work })(() => pages.shift() as Response);
    for (const [text, compressors] of [
      [TEXT, 1],
      [TEXT, 1],
      [`${TEXT}x`, 2],
      [TEXT, 3],
      [TEXT, 4],
    ] as const) {
      const response = await get(handler, "gzip");
      assert.deepEqual([response.headers.get("content-encoding"), response.headers.get("etag")], ["gzip", 'W/"1"']);
      assert.equal(String(gunzipSync(await response.bytes())), text);
      assert.equal(times, compressors);
    }
  });

  test("takes back that there are ranges", async () => {
    assert.equal((await get(answering(TEXT, { "Accept-Ranges": "bytes" }), "gzip")).headers.get("accept-ranges"), null);
    assert.equal((await get(answering(TEXT, { "Accept-Ranges": "bytes" }), "")).headers.get("accept-ranges"), "bytes");
  });

  test("tells HEAD what GET would be", async () => {
    const response = await get(answering(null, { "Content-Length": "5000", ETag: '"1"' }), "gzip", "HEAD");
    assert.equal(response.headers.get("content-encoding"), "gzip");
    assert.equal(response.headers.get("content-length"), null);
    assert.equal(response.headers.get("etag"), 'W/"1"');
    const small = await get(answering(null, { "Content-Length": "50" }), "gzip", "HEAD");
    assert.equal(small.headers.get("content-length"), "50");
  });

  test("gives out each event as it comes", async () => {
    async function* events(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("data: 1\n\n");
      await new Promise(() => {});
    }
    const response = await get(answering(events(), { "Content-Type": "text/event-stream" }), "gzip");
    const body = response.pieces()[Symbol.asyncIterator]();
    const expander = nodeCompression.expander("gzip");
    let text = "";
    while (text === "") {
      const { value } = await body.next();
      const out = expander.push(value ?? new Uint8Array());
      for (let next = await out.next(); !next.done; next = await out.next()) text += String(Buffer.from(next.value));
    }
    assert.equal(text, "data: 1\n\n");
    expander.close();
  });

  test("leaves events alone where the engine cannot flush", async () => {
    const compression = { ...nodeCompression, canFlush: false };
    const handler = compress({ compression, work })(
      () => new Response(TEXT, { headers: { "Content-Type": "text/event-stream" } }),
    );
    assert.equal((await get(handler, "gzip")).headers.get("content-encoding"), null);
  });

  test("is nothing where the engine has none", async () => {
    const handler = compress({ work })(() => new Response(TEXT));
    assert.equal((await get(handler, "gzip")).headers.get("content-encoding"), null);
  });
});
