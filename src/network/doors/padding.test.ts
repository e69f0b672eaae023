import assert from "node:assert/strict";
import test from "node:test";
import { lengthWithoutPadding } from "./padding.ts";

function frame(length: number, type: number, ...fields: [at: number, value: number][]): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, type);
  for (const [at, value] of fields) view.setUint16(at, value);
  return bytes;
}

test("the padding of a shortest frame is found by what its payload says of itself", () => {
  assert.equal(lengthWithoutPadding(frame(60, 0x0800, [16, 40])), 54);
  assert.equal(lengthWithoutPadding(frame(60, 0x0806)), 42);
  assert.equal(lengthWithoutPadding(frame(60, 0x86dd, [18, 4])), 58);
});

test("what is longer, of another type, or says what cannot be, is left as it is", () => {
  assert.equal(lengthWithoutPadding(frame(61, 0x0800, [16, 40])), 61);
  assert.equal(lengthWithoutPadding(frame(60, 0x88cc)), 60);
  assert.equal(lengthWithoutPadding(frame(60, 0x0800, [16, 0])), 60);
  assert.equal(lengthWithoutPadding(frame(60, 0x0800, [16, 46])), 60);
  assert.equal(lengthWithoutPadding(frame(60, 0x0800, [16, 999])), 60);
});
