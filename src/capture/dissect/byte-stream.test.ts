import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ByteStream, MESSAGES_LIMIT, PENDING_LIMIT, WAITING_LIMIT } from "./byte-stream.ts";
import type { StreamConversation } from "./dissector.ts";

/** Messages of one length octet and so many more. */
const counted: StreamConversation = {
  cut: (_direction, bytes) => {
    const length = 1 + (bytes[0] as number);
    return length <= bytes.length ? { length, about: length } : undefined;
  },
};

const textOf = (stream: ByteStream): string => new TextDecoder().decode(stream.pending);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a byte stream", () => {
  test("is put in order whatever way its segments come, and however they overlap", () => {
    const whole = ascii("the quick brown fox jumps over the lazy dog");
    const cut = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 12 }));
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 30 }), fc.integer(), (cuts, base) => {
        const stream = new ByteStream();
        stream.begin(base | 0);
        const ranges = [...cuts, ...Array.from({ length: 11 }, (_, index): [number, number] => [index * 4, 4])];
        ranges.forEach(([from, length], index) => {
          stream.add((base + from) | 0, whole.subarray(from, from + length), index + 1);
        });
        assert.equal(textOf(stream), new TextDecoder().decode(whole));
        const pieces = stream.piecesOf(0, whole.length);
        assert.equal(
          pieces.reduce((sum, piece) => sum + piece.length, 0),
          whole.length,
        );
      }),
    );
  });

  test("finds messages, those that end in a frame, and those that a range has a part of", () => {
    const stream = new ByteStream();
    const bytes = Uint8Array.of(2, 7, 7, 0, 1, 9);
    stream.add(100, bytes.subarray(0, 4), 1);
    assert.deepEqual(stream.cut(counted, "counted", 0, 1, 0), ["counted", "counted"]);
    stream.add(104, bytes.subarray(4), 2);
    assert.deepEqual(stream.cut(counted, "counted", 0, 2, 0), ["counted"]);
    assert.deepEqual(
      stream.endingIn(1).map(({ start, end }) => [start, end]),
      [
        [0, 3],
        [3, 4],
      ],
    );
    assert.deepEqual(
      stream.within(2, 5).map(({ start }) => start),
      [0, 3, 4],
    );
    assert.equal(stream.offsetOf(104), 4);
  });

  test("is read no further when a gap is never filled, or a message never ends", () => {
    const gap = new ByteStream();
    gap.begin(0);
    for (let segment = 1; segment <= WAITING_LIMIT + 1; segment++) gap.add(segment * 2, Uint8Array.of(1), segment);
    assert.ok(gap.abandoned);
    const endless = new ByteStream();
    const much = new Uint8Array(1 << 20);
    for (let at = 0; at <= PENDING_LIMIT; at += much.length) endless.add(at, much, 1);
    assert.ok(endless.abandoned);
    assert.equal(endless.pending.length, 0);
  });

  test("ends when all before its FIN has come", () => {
    const stream = new ByteStream();
    stream.begin(0);
    stream.endAt(3);
    assert.ok(!stream.ended);
    stream.add(0, Uint8Array.of(1, 2, 3), 1);
    assert.ok(stream.ended);
  });

  // Both take minutes where each message moves all that is behind it, or each segment copies all that wait.
  test("finds a million messages that come at once, behind a gap that is filled", () => {
    const stream = new ByteStream();
    stream.begin(0);
    const segment = new Uint8Array(1460);
    for (let number = 1; number < WAITING_LIMIT; number++) stream.add(number * 1460, segment, number);
    stream.add(0, segment, WAITING_LIMIT);
    const found = stream.cut(counted, "counted", 0, WAITING_LIMIT, 0);
    assert.equal(found.length, MESSAGES_LIMIT);
    assert.ok(stream.abandoned);
  });

  test("lets segments wait while others come in order", () => {
    const stream = new ByteStream();
    stream.begin(0);
    const far = 2 ** 20;
    for (let number = 0; number < WAITING_LIMIT; number++)
      stream.add(far + number * 1460, new Uint8Array(1460), number);
    for (let at = 0; at < 100_000; at++) stream.add(at, Uint8Array.of(7), at);
    assert.equal(stream.pending.length, 100_000);
    assert.ok(!stream.abandoned);
  });

  test("is read no further when what looks for its messages fails", () => {
    const stream = new ByteStream();
    stream.add(0, Uint8Array.of(1), 1);
    const broken: StreamConversation = {
      cut: () => {
        throw new TypeError("a message that nobody thought of");
      },
    };
    assert.deepEqual(stream.cut(broken, "broken", 0, 1, 0), []);
    assert.ok(stream.abandoned);
  });
});
