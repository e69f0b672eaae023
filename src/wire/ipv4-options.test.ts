import assert from "node:assert/strict";
import test from "node:test";
import {
  checkIpv4Options,
  findIpv4Option,
  isRecordFull,
  OPTION_RECORD_ROUTE,
  OPTION_TIMESTAMP,
} from "./ipv4-options.ts";

/** A header of 20 bytes and these options, filled up with End. */
function withOptions(...options: number[]): { view: DataView; length: number } {
  const length = 20 + ((options.length + 3) & ~3);
  const bytes = new Uint8Array(length);
  bytes.set(options, 20);
  return { view: new DataView(bytes.buffer), length };
}

const check = (...options: number[]): number => {
  const { view, length } = withOptions(...options);
  return checkIpv4Options(view, 0, length);
};

test("options that are whole are accepted, unknown ones too (RFC 1122 §3.2.1.8)", () => {
  assert.equal(check(), 0);
  assert.equal(check(1, 1, 1, 0), 0);
  assert.equal(check(1, 7, 7, 4, 0, 0, 0, 0), 0);
  assert.equal(check(0x99, 4, 1, 2), 0);
  assert.equal(check(0, 0xff, 0xff, 0xff), 0, "what stands behind the end is nobody's");
});

test("the octet that is wrong is pointed out (RFC 1122 §3.2.2.5)", () => {
  assert.equal(check(7, 1, 4, 0), 21, "a length that cannot be");
  assert.equal(check(0x99, 9, 0, 0), 21, "a length past the header");
  assert.equal(check(1, 1, 1, 0x99), 23, "no length at all");
  assert.equal(check(7, 7, 3, 0, 0, 0, 0), 22, "a pointer into the option's own header");
  assert.equal(check(68, 8, 4, 0, 0, 0, 0, 0), 22);
  assert.equal(check(7, 2, 0, 0), 22);
});

test("an option is found behind others", () => {
  const { view, length } = withOptions(1, 68, 8, 5, 0, 0, 0, 0, 0, 7, 3, 4);
  assert.equal(findIpv4Option(view, 0, length, OPTION_TIMESTAMP), 21);
  assert.equal(findIpv4Option(view, 0, length, OPTION_RECORD_ROUTE), 29);
  assert.equal(findIpv4Option(view, 0, length, 131), 0);
  assert.ok(isRecordFull(view, 29));
  assert.ok(!isRecordFull(view, 21));
});
