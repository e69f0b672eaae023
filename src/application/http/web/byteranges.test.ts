import assert from "node:assert/strict";
import test from "node:test";
import { byteRanges } from "./byteranges.ts";

test("several ranges go in one body, each with its place, as RFC 9110 §14.6 shows", async () => {
  const content = new TextEncoder().encode("0123456789");
  const ranges = [
    { start: 7, end: 9 },
    { start: 0, end: 3 },
  ];
  const body = byteRanges(ranges, { size: 10, type: "text/plain", boundary: "THIS" }, async function* ({ start, end }) {
    for (let at = start; at < end; at++) yield content.subarray(at, at + 1);
  });
  let text = "";
  for await (const chunk of body.chunks) text += new TextDecoder().decode(chunk);
  assert.equal(
    text,
    "--THIS\r\nContent-Type: text/plain\r\nContent-Range: bytes 7-8/10\r\n\r\n78" +
      "\r\n--THIS\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-2/10\r\n\r\n012\r\n--THIS--\r\n",
  );
  assert.equal(body.length, text.length);
  assert.equal(body.type, "multipart/byteranges; boundary=THIS");
});
