import assert from "node:assert/strict";
import test from "node:test";
import { ip } from "../../address/ip.ts";
import { type Instant, milliseconds } from "../../time/instant.ts";
import { checkIpv4Header, rewriteIpv4Header, writeIpv4Header } from "../../wire/ipv4.ts";
import { hasSourceRoute, recordHere, reflectOptions } from "./options.ts";

const OWN = ip("10.0.0.254");
const NOW = milliseconds(5) as number as Instant;

function withOptions(...options: number[]): { view: DataView; length: number; bytes: () => number[] } {
  const length = 20 + ((options.length + 3) & ~3);
  const all = new Uint8Array(length);
  const view = new DataView(all.buffer);
  writeIpv4Header(view, 0, length, 0, 0, 0, 64, 17, ip("10.0.0.1"), ip("10.0.0.2"));
  all.set(options, 20);
  rewriteIpv4Header(view, 0, length, length, 0);
  return { view, length, bytes: () => [...all.subarray(20)] };
}

test("a router writes its address into Record Route, and mends the checksum", () => {
  const { view, length, bytes } = withOptions(7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0);
  recordHere(view, 0, length, OWN, NOW);
  assert.deepEqual(bytes(), [7, 11, 8, 10, 0, 0, 254, 0, 0, 0, 0, 0]);
  recordHere(view, 0, length, OWN, NOW);
  assert.deepEqual(bytes(), [7, 11, 12, 10, 0, 0, 254, 10, 0, 0, 254, 0]);
  recordHere(view, 0, length, OWN, NOW);
  assert.deepEqual(bytes(), [7, 11, 12, 10, 0, 0, 254, 10, 0, 0, 254, 0], "a full record stays");
  assert.equal(checkIpv4Header(view, 0, length), undefined);
});

test("Timestamp takes times alone, times with addresses, and times of prespecified addresses", () => {
  const alone = withOptions(68, 8, 5, 0, 0, 0, 0, 0);
  recordHere(alone.view, 0, alone.length, OWN, NOW);
  assert.deepEqual(alone.bytes(), [68, 8, 9, 0, 0x80, 0, 0, 5]);
  recordHere(alone.view, 0, alone.length, OWN, NOW);
  assert.deepEqual(alone.bytes(), [68, 8, 9, 0x10, 0x80, 0, 0, 5], "a full one counts who found no room");

  const both = withOptions(68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0);
  recordHere(both.view, 0, both.length, OWN, NOW);
  assert.deepEqual(both.bytes(), [68, 12, 13, 1, 10, 0, 0, 254, 0x80, 0, 0, 5]);

  const others = withOptions(68, 12, 5, 3, 10, 0, 0, 9, 0, 0, 0, 0);
  recordHere(others.view, 0, others.length, OWN, NOW);
  assert.deepEqual(others.bytes(), [68, 12, 5, 3, 10, 0, 0, 9, 0, 0, 0, 0]);
  const ours = withOptions(68, 12, 5, 3, 10, 0, 0, 254, 0, 0, 0, 0);
  recordHere(ours.view, 0, ours.length, OWN, NOW);
  assert.deepEqual(ours.bytes(), [68, 12, 13, 3, 10, 0, 0, 254, 0x80, 0, 0, 5]);
});

test("a source route that wants to go on is seen, one that is done is not", () => {
  for (const type of [131, 137]) {
    const going = withOptions(1, type, 7, 4, 10, 0, 0, 9);
    assert.ok(hasSourceRoute(going.view, 0, going.length));
    const done = withOptions(1, type, 7, 8, 10, 0, 0, 9);
    assert.ok(!hasSourceRoute(done.view, 0, done.length));
  }
});

test("an echo reply takes over Record Route and Timestamp with this host in them, and nothing else (RFC 1122 §3.2.2.6)", () => {
  const { view, length } = withOptions(0x94, 4, 0, 0, 7, 7, 4, 0, 0, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0);
  assert.deepEqual(
    [...(reflectOptions(view, 0, length, OWN, NOW) ?? [])],
    [7, 7, 8, 10, 0, 0, 254, 68, 8, 9, 0, 0x80, 0, 0, 5],
  );
  const none = withOptions(0x94, 4, 0, 0);
  assert.equal(reflectOptions(none.view, 0, none.length, OWN, NOW), undefined);
});
