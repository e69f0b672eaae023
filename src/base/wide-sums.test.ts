import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { SUM_LIMIT, sumPlainly } from "./checksum.ts";
import { makeWideSums } from "./wide-sums.ts";

const SIZE = 8 * 64 * 1024;
const COPY_AT = SIZE / 2;
const sums = makeWideSums(SIZE);
assert.ok(sums !== undefined, "Node has WebAssembly with words of 128 bits");
const { memory, sum, copyAndSum } = sums;
const bytes = new Uint8Array(memory);
const view = new DataView(memory);

test("wide sums are those of plain JavaScript to the bit, so that no trace tells them apart", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(100), fc.nat(100), (data, before, after) => {
      bytes.fill(0xee, 0, before + data.length + after);
      bytes.set(data, before);
      const end = before + data.length;
      assert.equal(sum(before, end), sumPlainly(view, before, end));
    }),
  );
});

test("a copy gives the same sum, copies every byte, and no other", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(100), fc.nat(100), (data, from, to) => {
      bytes.set(data, from);
      bytes.fill(0xee, COPY_AT, COPY_AT + 500);
      assert.equal(copyAndSum(COPY_AT + to, from, from + data.length), sum(from, from + data.length));
      const copied = bytes.slice(COPY_AT, COPY_AT + 500);
      const expected = new Uint8Array(500).fill(0xee);
      expected.set(data, to);
      assert.deepEqual(copied, expected);
    }),
  );
});

test("the longest range of the highest words does not overflow", () => {
  bytes.fill(0xff, 0, SUM_LIMIT);
  for (const length of [SUM_LIMIT, SUM_LIMIT - 1, SUM_LIMIT - 17]) {
    assert.equal(sum(0, length), sumPlainly(view, 0, length));
  }
});

test("where WebAssembly is not to be had, or refuses the code, there are no wide sums", () => {
  class Memory {}
  class Module {
    constructor() {
      throw new Error("no words of 128 bits");
    }
  }
  const real = Reflect.get(globalThis, "WebAssembly");
  for (const other of [undefined, { Memory, Module }]) {
    Reflect.set(globalThis, "WebAssembly", other);
    try {
      assert.equal(makeWideSums(64 * 1024), undefined);
    } finally {
      Reflect.set(globalThis, "WebAssembly", real);
    }
  }
});
