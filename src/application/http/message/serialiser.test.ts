import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "./fields.ts";
import { formatChunkSize, formatLastChunk, formatRequestHead, formatResponseHead } from "./serialiser.ts";

const fields = new Fields([
  ["Host", "a"],
  ["X", "\xff"],
]);

test("heads as they stand on the wire", () => {
  assert.equal(formatRequestHead("GET", "/", fields), "GET / HTTP/1.1\r\nHost: a\r\nX: \xff\r\n\r\n");
  assert.equal(formatRequestHead("CONNECT", "a:1", new Fields(), 0), "CONNECT a:1 HTTP/1.0\r\n\r\n");
  assert.equal(formatResponseHead(204, "", fields), "HTTP/1.1 204 \r\nHost: a\r\nX: \xff\r\n\r\n");
});

test("chunks and what ends them", () => {
  assert.equal(formatChunkSize(255), "ff\r\n");
  assert.equal(formatLastChunk(), "0\r\n\r\n");
  assert.equal(formatLastChunk(new Fields([["A", "b"]])), "0\r\nA: b\r\n\r\n");
  for (const size of [0, -1, 0.5, Number.NaN, 2 ** 53]) assert.throws(() => formatChunkSize(size), TypeError);
});

test("no head can be split", () => {
  const none = new Fields();
  for (const method of ["", "G T", "GET /\r\n", "GÉT"]) {
    assert.throws(() => formatRequestHead(method, "/", none), TypeError);
  }
  for (const target of ["", "/ ", "/\r\n", "/\n", "/#a", "/é", "*", "a"]) {
    assert.throws(() => formatRequestHead("GET", target, none), TypeError);
  }
  for (const reason of ["OK\r\n", "\n", "\0", "\u010a"]) {
    assert.throws(() => formatResponseHead(200, reason, none), TypeError);
  }
  for (const status of [99, 1000, 200.5, Number.NaN])
    assert.throws(() => formatResponseHead(status, "", none), TypeError);
});
