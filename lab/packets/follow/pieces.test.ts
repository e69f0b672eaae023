import assert from "node:assert/strict";
import { test } from "node:test";
import type { FollowedStream } from "../../../src/engine/protocol/index.ts";
import { joinedBytes, readable, said, sums, written } from "./pieces.ts";

const piece = (direction: 0 | 1, text: string) => ({
  direction,
  number: 1,
  event: 1,
  time: 0,
  bytes: Buffer.from(text).toString("base64"),
});
const STREAM: FollowedStream = {
  filter: "tcp.stream eq 0",
  client: "10.0.0.1:40000",
  server: "10.0.0.2:8888",
  pieces: [piece(0, "hello\r\n"), piece(1, "* welcome\r\n"), piece(0, "bye\r\n")],
  missing: 0,
  truncated: false,
};

test("each side can be read alone", () => {
  assert.equal(written(said(STREAM, "client"), "text"), "hello\nbye\n");
  assert.equal(written(said(STREAM, "server"), "text"), "* welcome\n");
  assert.equal(Buffer.from(joinedBytes(said(STREAM, "both"))).toString(), "hello\r\n* welcome\r\nbye\r\n");
});

test("each side's bytes are counted", () => {
  assert.deepEqual(sums(STREAM), [12, 11]);
});

test("the server's dump is indented, as Wireshark's", () => {
  const lines = written(said(STREAM, "both"), "hex").split("\n");
  assert.match(lines[0] ?? "", /^0000 {2}68 65 6c/);
  assert.match(lines[1] ?? "", /^ {4}0000 {2}2a 20/);
});

test("control and direction characters of a packet are shown, not obeyed", () => {
  assert.equal(readable(Buffer.from("a\x1b[31mb\x07\x7f")), "a␛[31mb␇␡");
  assert.equal(readable(Buffer.from("x\u202ey")), "x\ufffdy");
  assert.equal(readable(Buffer.from("你好\n")), "你好\n");
});
