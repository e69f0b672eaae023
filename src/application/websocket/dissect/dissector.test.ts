import assert from "node:assert/strict";
import { test } from "node:test";
import { type Segment, type Shown, showConnection } from "../../../../test/fixtures/messages-shown.ts";
import { http } from "../../http/dissect/dissector.ts";

const upgrade: readonly Segment[] = [
  { from: 0, bytes: "GET /s HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" },
  { from: 1, bytes: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" },
];
const has = (shown: Shown | undefined, ...lines: readonly string[]): void => {
  for (const line of lines) assert.ok(shown?.lines.includes(line), `${line}\nis not in\n${shown?.lines.join("\n")}`);
};

/** A client's frame, with the mask 1 2 3 4. */
function masked(first: number, text: string): Uint8Array {
  const payload = new TextEncoder().encode(text).map((byte, at) => byte ^ ((at & 3) + 1));
  return Uint8Array.from([first, 0x80 | payload.length, 1, 2, 3, 4, ...payload]);
}

test("behind the upgrade both ways are WebSocket, and masked text is readable", () => {
  const [, , said, closed] = showConnection(http, [
    ...upgrade,
    { from: 0, bytes: masked(0x81, "hello") },
    { from: 1, bytes: Uint8Array.of(0x88, 2, 0x03, 0xe8) },
  ]);
  assert.equal(said?.columns.info, "WebSocket Text [FIN] [MASKED]");
  has(
    said,
    "WebSocket",
    "  1... .... = Fin: True",
    "  .... 0001 = Opcode: Text (1)",
    "  Masking-Key: 01020304",
    "    Text: hello",
    "Line-based text data (1 lines)",
  );
  has(closed, "      Status code: Normal Closure (1000)");
});

test("a message in fragments is shown whole in the frame that ends it, control frames between them or not", () => {
  const [, , , ping, last] = showConnection(http, [
    ...upgrade,
    { from: 0, bytes: masked(0x01, "hel") },
    { from: 0, bytes: masked(0x89, "?") },
    { from: 0, bytes: masked(0x80, "lo") },
  ]);
  has(ping, "    Ping: 3f");
  has(
    last,
    "    Text: hello",
    "2 Reassembled websocket Fragments (5 bytes): #3(3), #5(2)",
    "  Frame: 5, payload: 3-4 (2 bytes)",
  );
});

test("a long frame is one message when all of it is there", () => {
  const frame = Uint8Array.from([0x82, 126, 0, 200, ...new Uint8Array(200)]);
  const [, , first, second] = showConnection(http, [
    ...upgrade,
    { from: 1, bytes: frame.subarray(0, 100) },
    { from: 1, bytes: frame.subarray(100) },
  ]);
  assert.deepEqual(first?.lines, []);
  has(second, "  Extended Payload length (16 bits): 200", "Data (200 bytes)");
});
