import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { essenceOf, isCompressible, mediaTypeOf } from "./media-type.ts";

describe("media types", () => {
  test("are those of the files' endings", () => {
    const table = {
      "index.html": "text/html; charset=utf-8",
      "A.CSS": "text/css; charset=utf-8",
      "app.js": "text/javascript; charset=utf-8",
      "app.mjs": "text/javascript; charset=utf-8",
      "data.json": "application/json",
      "feed.xml": "application/xml; charset=utf-8",
      "picture.svg": "image/svg+xml",
      "picture.png": "image/png",
      "code.wasm": "application/wasm",
      "main.ts": "text/plain; charset=utf-8",
      "favicon.ico": "image/vnd.microsoft.icon",
      "archive.tar.gz": "application/gzip",
      README: "application/octet-stream",
      "odd.": "application/octet-stream",
      "folder.html/README": "application/octet-stream",
    };
    for (const [name, type] of Object.entries(table)) assert.equal(mediaTypeOf(name), type, name);
  });

  test("say whether compressing is worth it", () => {
    for (const type of ["text/html; charset=utf-8", "IMAGE/SVG+XML", "application/json", "application/problem+json"]) {
      assert.equal(isCompressible(type), true, type);
    }
    for (const type of ["image/png", "application/zip", "font/woff2", "video/mp4", "application/octet-stream", ""]) {
      assert.equal(isCompressible(type), false, type);
    }
    assert.equal(essenceOf(" Text/HTML ; charset=x"), "text/html");
  });
});
