import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { writeClose, writeFrame, writeText } from "./frame-writer.ts";
import { type MessageEvents, MessageReader, type Role } from "./message-reader.ts";
import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT } from "./opcode.ts";

const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** Writes down what a reader tells. */
class Heard implements MessageEvents {
  readonly all: string[] = [];
  message(data: string | Uint8Array): void {
    this.all.push(typeof data === "string" ? `text ${data}` : `binary ${Buffer.from(data).toString("hex")}`);
  }
  ping(payload: Uint8Array): void {
    this.all.push(`ping ${Buffer.from(payload).toString("latin1")}`);
  }
  pong(payload: Uint8Array): void {
    this.all.push(`pong ${Buffer.from(payload).toString("latin1")}`);
  }
  close(code: number, reason: string): void {
    this.all.push(`close ${code} ${reason}`);
  }
  fail(code: number): void {
    this.all.push(`fail ${code}`);
  }
}

const LIMITS = { messageBytes: 100_000, fragments: 50 };

/** What is read of bytes that come in pieces of a size. */
function read(bytes: Uint8Array, { role = "client" as Role, piece = bytes.length, limits = LIMITS } = {}): string[] {
  const heard = new Heard();
  const reader = new MessageReader(role, limits, heard);
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.slice(at, at + piece));
  return heard.all;
}

const join = (...frames: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(frames));
const frame = (opcode: number, payload: string | Uint8Array, fin = true): Uint8Array =>
  writeFrame(opcode, typeof payload === "string" ? utf8(payload) : payload, { fin });

describe("the reader of WebSocket messages", () => {
  test("reads RFC 6455 §5.7's examples", () => {
    assert.deepEqual(read(hex("81 05 48 65 6c 6c 6f")), ["text Hello"]);
    const masked = hex("81 85 37 fa 21 3d 7f 9f 4d 51 58");
    assert.deepEqual(read(masked, { role: "server" }), ["text Hello"]);
    assert.deepEqual(read(hex("01 03 48 65 6c 80 02 6c 6f")), ["text Hello"]);
    assert.deepEqual(read(hex("89 05 48 65 6c 6c 6f")), ["ping Hello"]);
    assert.deepEqual(read(hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58"), { role: "server" }), ["pong Hello"]);
    assert.deepEqual(read(join(hex("82 7e 01 00"), new Uint8Array(256))), [`binary ${"00".repeat(256)}`]);
    const large = join(hex("82 7f 00 00 00 00 00 01 00 00"), new Uint8Array(65_536));
    assert.deepEqual(read(large), [`binary ${"00".repeat(65_536)}`]);
  });

  test("reads the same at every size of pieces, with control frames between fragments", () => {
    const bytes = join(
      frame(TEXT, "Grüße", false),
      frame(PING, "1"),
      frame(CONTINUATION, " 😀", false),
      frame(PONG, ""),
      frame(CONTINUATION, ""),
      frame(BINARY, Uint8Array.of(1, 2)),
      writeClose(1001, "bye"),
    );
    const expected = ["ping 1", "pong ", "text Grüße 😀", "binary 0102", "close 1001 bye"];
    for (let piece = 1; piece <= bytes.length; piece++) assert.deepEqual(read(bytes, { piece }), expected, `${piece}`);
  });

  /** Each case: what it is, the bytes (from a server), what is read. The clauses are RFC 6455's. */
  const cases: readonly [name: string, bytes: Uint8Array, expected: readonly string[]][] = [
    ["an empty text", frame(TEXT, ""), ["text "]],
    ["an empty binary message", frame(BINARY, ""), ["binary "]],
    ["a message of empty fragments", join(frame(TEXT, "", false), frame(CONTINUATION, "")), ["text "]],
    ["125 bytes", frame(TEXT, "*".repeat(125)), [`text ${"*".repeat(125)}`]],
    ["126 bytes", frame(TEXT, "*".repeat(126)), [`text ${"*".repeat(126)}`]],
    ["65,535 bytes", frame(TEXT, "*".repeat(65_535)), [`text ${"*".repeat(65_535)}`]],
    ["65,536 bytes", frame(TEXT, "*".repeat(65_536)), [`text ${"*".repeat(65_536)}`]],
    ["a byte order mark, which is kept", frame(TEXT, "\ufeffx"), ["text \ufeffx"]],
    ["a ping of 125 bytes", frame(PING, "p".repeat(125)), [`ping ${"p".repeat(125)}`]],
    ["a ping of 126 bytes (§5.5)", join(hex("89 7e 00 7e"), new Uint8Array(126)), ["fail 1002"]],
    ["a ping in fragments (§5.5)", hex("09 00"), ["fail 1002"]],
    ["RSV1 (§5.2)", hex("c1 00"), ["fail 1002"]],
    ["RSV2 in a ping (§5.2)", hex("a9 00"), ["fail 1002"]],
    ["RSV3 (§5.2)", hex("91 00"), ["fail 1002"]],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, Uint8Array, string[]] => [
      `opcode ${opcode} (§5.2)`,
      hex(`8${opcode.toString(16)}00`),
      ["fail 1002"],
    ]),
    ["a masked frame of a server (§5.1)", hex("81 81 00 00 00 00 41"), ["fail 1002"]],
    ["a continuation of nothing (§5.4)", frame(CONTINUATION, "x"), ["fail 1002"]],
    [
      "a continuation after a whole message (§5.4)",
      join(frame(TEXT, "a"), frame(CONTINUATION, "x")),
      ["text a", "fail 1002"],
    ],
    ["a text inside a text (§5.4)", join(frame(TEXT, "a", false), frame(TEXT, "b")), ["fail 1002"]],
    ["a length of 125 in two bytes (§5.2)", join(hex("82 7e 00 7d"), new Uint8Array(125)), ["fail 1002"]],
    ["a length of 65,535 in eight bytes (§5.2)", hex("82 7f 00 00 00 00 00 00 ff ff"), ["fail 1002"]],
    ["a length with its highest bit set (§5.2)", hex("82 7f 80 00 00 00 00 01 00 00"), ["fail 1002"]],
    ["a length past the limit, at its head", hex("82 7f 00 00 00 00 00 01 86 a1"), ["fail 1009"]],
    [
      "fragments that are together past the limit",
      join(frame(BINARY, new Uint8Array(60_000), false), hex("80 7e 9c 41")),
      ["fail 1009"],
    ],
    [
      "too many fragments",
      join(frame(TEXT, "", false), ...Array.from({ length: 50 }, () => frame(CONTINUATION, "", false))),
      ["fail 1008"],
    ],
    ["no UTF-8 (§8.1)", frame(TEXT, hex("ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80")), ["fail 1007"]],
    ["no UTF-8, told before the message ends (§8.1)", frame(TEXT, hex("f4 90"), false), ["fail 1007"]],
    [
      "a character cut by the message's end (§8.1)",
      join(frame(TEXT, hex("f0 9f"), false), frame(CONTINUATION, hex("98"))),
      ["fail 1007"],
    ],
    [
      "a character cut by fragments (§5.6)",
      join(frame(TEXT, hex("f0 9f"), false), frame(CONTINUATION, hex("98 80"))),
      ["text 😀"],
    ],
    ["an empty close (§7.1.5)", frame(CLOSE, ""), ["close 1005 "]],
    ["a close of one byte (§5.5.1)", frame(CLOSE, hex("03")), ["fail 1002"]],
    ["a close whose reason is no UTF-8 (§5.5.1)", frame(CLOSE, hex("03 e8 ff")), ["fail 1007"]],
    ["a close with 123 bytes of reason", writeClose(1000, "r".repeat(123)), [`close 1000 ${"r".repeat(123)}`]],
    ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map(
      (code): [string, Uint8Array, string[]] => [`close code ${code} (§7.4)`, writeClose(code), [`close ${code} `]],
    ),
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
      (code): [string, Uint8Array, string[]] => [`close code ${code} (§7.4)`, writeClose(code), ["fail 1002"]],
    ),
    ["what follows a close (§1.4)", join(writeClose(1000), frame(TEXT, "late")), ["close 1000 "]],
    ["what follows a failure (§7.1.7)", join(hex("8300"), frame(TEXT, "late")), ["fail 1002"]],
  ];
  for (const [name, bytes, expected] of cases) {
    test(`${name}: ${expected.join(", ").slice(0, 40)}`, () => {
      assert.deepEqual(read(bytes), expected);
      if (bytes.length < 1_000) assert.deepEqual(read(bytes, { piece: 1 }), expected, "byte by byte");
    });
  }

  test("a frame of a client that is not masked is refused (§5.1)", () => {
    assert.deepEqual(read(frame(TEXT, "x"), { role: "server" }), ["fail 1002"]);
  });

  test("any fragmentation, any mask and any pieces give the same message, and pings between do no harm", () => {
    const fragment = fc.record({
      size: fc.nat(40),
      ping: fc.boolean(),
      key: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "grapheme", maxLength: 300 }), fc.uint8Array({ maxLength: 300 })),
        fc.array(fragment, { maxLength: 20 }),
        fc.integer({ min: 1, max: 80 }),
        (data, cuts, piece) => {
          const payload = typeof data === "string" ? utf8(data) : data;
          const frames: Uint8Array[] = [];
          let at = 0;
          let opcode = typeof data === "string" ? TEXT : BINARY;
          for (const { size, ping, key } of cuts) {
            if (ping) frames.push(writeFrame(PING, utf8("?"), { key }));
            frames.push(writeFrame(opcode, payload.subarray(at, at + size), { fin: false, key }));
            at = Math.min(payload.length, at + size);
            opcode = CONTINUATION;
          }
          frames.push(writeFrame(opcode, payload.subarray(at), { key: KEY }));
          const heard = read(join(...frames), { role: "server", piece }).filter((each) => each !== "ping ?");
          assert.deepEqual(heard, [
            typeof data === "string" ? `text ${data}` : `binary ${Buffer.from(data).toString("hex")}`,
          ]);
        },
      ),
    );
  });

  test("what is written of a text is read as that text, whole surrogates", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.deepEqual(read(writeText(text)), [`text ${Buffer.from(text).toString()}`]);
      }),
    );
  });
});
