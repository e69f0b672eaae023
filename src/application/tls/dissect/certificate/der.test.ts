import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { elementAt, elementsIn, integerOf, oidOf } from "./der.ts";

const element = (...bytes: number[]) => elementAt(Uint8Array.from(bytes), 0, bytes.length);

test("an element says where its content is, with a length of one octet or of more", () => {
  assert.deepEqual(element(2, 1, 5), { tag: 2, start: 0, content: 2, end: 3 });
  assert.deepEqual(element(4, 0x81, 2, 7, 8), { tag: 4, start: 0, content: 3, end: 5 });
  assert.deepEqual(element(4, 0x82, 0, 1, 7), { tag: 4, start: 0, content: 4, end: 5 });
});

test("what goes on beyond its end, has no length or a tag of many octets, is none", () => {
  for (const bytes of [[], [2], [2, 2, 5], [0x30, 0x80, 0, 0], [4, 0x85, 0, 0, 0, 0, 1, 7], [0x1f, 0x21, 0]]) {
    assert.equal(element(...bytes), undefined);
  }
});

test("an object identifier is read, however large its numbers are", () => {
  const read = (...content: number[]): string => {
    const bytes = Uint8Array.from([6, content.length, ...content]);
    return oidOf(bytes, { tag: 6, start: 0, content: 2, end: bytes.length });
  };
  assert.equal(read(0x55, 4, 3), "2.5.4.3");
  assert.equal(read(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11), "1.2.840.113549.1.1.11");
  assert.equal(read(0x88, 0x37, 1), "2.999.1");
});

test("whatever the bytes are, what is found lies within them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      for (const found of elementsIn(bytes, { content: 0, end: bytes.length })) {
        assert.ok(found.start < found.content && found.content <= found.end && found.end <= bytes.length);
        assert.ok(Number.isSafeInteger(integerOf(bytes, found)));
        assert.match(oidOf(bytes, found), /^(?:\d+(?:\.\d+)*)?$/);
      }
    }),
  );
});
