import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { decodePairs } from "../../../test/fixtures/responder.ts";
import { decodeEnd, encodeBegin, encodePairs, encodeRecords, RecordReader, RecordType } from "./record.ts";

/** The records in bytes that come in pieces of a size. */
function records(bytes: Uint8Array, size: number): { type: number; id: number; content: number[] }[] {
  const reader = new RecordReader();
  const found: { type: number; id: number; content: number[] }[] = [];
  let open = false;
  for (let at = 0; at < bytes.length; at += size) {
    for (const { type, id, content, last } of reader.read(bytes.subarray(at, at + size))) {
      if (!open) found.push({ type, id, content: [] });
      found.at(-1)?.content.push(...content);
      open = !last;
    }
  }
  return found;
}

describe("FastCGI records", () => {
  test("a request begins as the specification's §8 lays it out", () => {
    assert.deepEqual([...encodeBegin(true)], [1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    assert.equal(encodeBegin(false)[10], 0);
  });

  test("names and values have a length of one byte up to 127 and of four beyond", () => {
    const pairs = encodePairs([
      ["A", "bc"],
      ["N", "x".repeat(128)],
    ]);
    assert.deepEqual([...pairs.subarray(0, 11)], [1, 2, 65, 98, 99, 1, 0x80, 0, 0, 128, 78]);
    assert.equal(pairs.length, 11 + 128);
  });

  test("pairs that are written are read again, and what is cut short is not taken", () => {
    const text = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 300 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), (pairs) => {
        assert.deepEqual(decodePairs(encodePairs(pairs)), pairs);
      }),
    );
    assert.equal(decodePairs(new Uint8Array([1, 5, 65, 66])), undefined);
  });

  test("content goes in records of at most 65,535 bytes, and none at all ends a stream", () => {
    assert.deepEqual([...encodeRecords(RecordType.stdin, new Uint8Array(0))], [1, 5, 0, 1, 0, 0, 0, 0]);
    const long = encodeRecords(RecordType.stdin, new Uint8Array(65_536).fill(7));
    assert.deepEqual(
      records(long, 10_000).map(({ content }) => content.length),
      [65_535, 1],
    );
  });

  test("what is written is read again, whatever the pieces, padding passed over", () => {
    const record = fc.record({
      type: fc.integer({ min: 1, max: 11 }),
      id: fc.integer({ min: 0, max: 65_535 }),
      content: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }),
      padding: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), (written, size) => {
        const bytes = written.flatMap(({ type, id, content, padding }) => [
          ...[1, type, id >> 8, id & 0xff, 0, content.length, padding, 0],
          ...content,
          ...new Array<number>(padding).fill(0xee),
        ]);
        const expected = written.map(({ type, id, content }) => ({ type, id, content }));
        assert.deepEqual(records(new Uint8Array(bytes), size), expected);
      }),
    );
  });

  test("another version of the protocol is refused", () => {
    assert.throws(() => records(new Uint8Array([2, 1, 0, 1, 0, 0, 0, 0]), 8), /version 2/);
  });

  test("an end says how the application and the protocol fared", () => {
    assert.deepEqual(decodeEnd(new Uint8Array([0, 0, 1, 2, 2, 0, 0, 0])), {
      applicationStatus: 258,
      protocolStatus: 2,
    });
    assert.equal(decodeEnd(new Uint8Array(7)), undefined);
  });
});
