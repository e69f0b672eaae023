/** WebSocket under mutated bytes: nothing is thrown, nothing grows, and how the bytes are cut does not matter. */
import assert from "node:assert/strict";
import test from "node:test";
import { askedOf, readAsked, TEXT_LENGTH } from "../../src/application/chat/web/asked.ts";
import { writeClose, writeFrame } from "../../src/application/websocket/frame-writer.ts";
import { readOpening, tokens } from "../../src/application/websocket/handshake.ts";
import { type MessageEvents, MessageReader, type Role } from "../../src/application/websocket/message-reader.ts";
import { BINARY, CONTINUATION, PING, PONG, TEXT } from "../../src/application/websocket/opcode.ts";
import { fuzz } from "./fuzz.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const limits = { messageBytes: 1_000, fragments: 8 };
const CLOSE_CODES = new Set([1002, 1007, 1008, 1009]);

/** Everything that a reader tells of bytes that come in pieces of a size. */
function heard(input: Uint8Array, role: Role, piece: number): string[] {
  const all: string[] = [];
  const events: MessageEvents = {
    message: (data) => {
      assert.ok((typeof data === "string" ? utf8(data) : data).length <= limits.messageBytes);
      all.push(`message ${typeof data} ${data.length} ${Buffer.from(data as string).toString("hex")}`);
    },
    ping: (payload) => all.push(`ping ${payload}`),
    pong: (payload) => all.push(`pong ${payload}`),
    close: (code, reason) => all.push(`close ${code} ${reason}`),
    fail: (code, why) => {
      assert.ok(CLOSE_CODES.has(code) && utf8(why).length <= 123, "it fits into a close frame");
      all.push(`fail ${code}`);
    },
  };
  const reader = new MessageReader(role, limits, events);
  for (let at = 0; at < input.length; at += piece) reader.push(input.slice(at, at + piece));
  const ends = all.filter((each) => each.startsWith("close") || each.startsWith("fail"));
  assert.ok(ends.length <= 1 && (ends.length === 0 || ends[0] === all.at(-1)), "nothing follows the end");
  return all;
}

/** A conversation in frames of every kind. */
function frames(key: Uint8Array | undefined): Uint8Array {
  const options = key === undefined ? {} : { key };
  return Uint8Array.from(
    Buffer.concat([
      writeFrame(TEXT, utf8("Grüße"), { ...options, fin: false }),
      writeFrame(PING, utf8("?"), options),
      writeFrame(CONTINUATION, utf8(" 😀"), options),
      writeFrame(BINARY, new Uint8Array(200).fill(7), options),
      writeFrame(PONG, new Uint8Array(0), options),
      writeClose(1000, "bye", options),
    ]),
  );
}

test("the reader of messages, at either end, however the bytes are cut", () => {
  for (const role of ["server", "client"] as const) {
    const samples = [frames(role === "server" ? Uint8Array.of(1, 2, 3, 4) : undefined), frames(undefined)];
    fuzz(`websocket ${role}`, samples, (input) => {
      const whole = heard(input, role, Math.max(1, input.length));
      assert.deepEqual(heard(input, role, 1 + (input.length % 13)), whole);
    });
  }
});

test("the opening handshake", () => {
  const samples = ["websocket", "keep-alive, Upgrade", "dGhlIHNhbXBsZSBub25jZQ==", "13", "chat, superchat"].map(utf8);
  fuzz("websocket handshake", samples, (input) => {
    const text = Buffer.from(input).toString("latin1");
    const read = readOpening({ method: "GET", headers: { get: () => text } });
    assert.ok("status" in read || read.key.length === 24);
    for (const token of tokens(text) ?? []) assert.match(token, /^[^\s,]+$/);
  });
});

test("what a page asks of the chat", () => {
  const samples = [
    { type: "say", room: "lobby", id: "12345678", text: "hello" },
    { type: "join", room: "lobby", after: 5 },
    { type: "nick", name: "Ada" },
  ].map((each) => utf8(JSON.stringify(each)));
  fuzz("chat asked", samples, (input) => {
    const asked = readAsked(Buffer.from(input).toString());
    if (asked === undefined) return;
    assert.deepEqual(askedOf(asked), asked);
    if (asked.type === "say") assert.ok([...asked.text].length <= TEXT_LENGTH && asked.id.length >= 8);
  });
});
