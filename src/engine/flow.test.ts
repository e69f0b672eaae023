import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { flowOf } from "./flow.ts";

const ETHERNET = "020000000002020000000001";
const ip = (protocol: string, payload: string, fragment = "0000"): Uint8Array => {
  const length = (20 + payload.length / 2).toString(16).padStart(4, "0");
  const header = `4500${length}0000${fragment}40${protocol}00000a0000010a000002`;
  return Uint8Array.from(Buffer.from(`${ETHERNET}0800${header}${payload}`, "hex"));
};

test("a frame goes between the endpoints that its addresses and ports say", () => {
  const ends = { source: "10.0.0.1:40960", destination: "10.0.0.2:8888" };
  assert.deepEqual(flowOf(ip("06", "a00022b80000000000000000")), { transport: "TCP", ...ends });
  assert.deepEqual(flowOf(ip("11", "a00022b800080000")), { transport: "UDP", ...ends });
});

test("what has no ports goes between none", () => {
  assert.equal(flowOf(ip("01", "0800000000000000")), undefined, "ICMP");
  assert.equal(flowOf(ip("11", "a00022b800080000", "0010")), undefined, "a later fragment");
  assert.equal(flowOf(ip("06", "a000")), undefined, "cut off before its ports");
});

test("no bytes make it throw", () => {
  const types = fc.constantFrom("0800", "0806");
  const frame = fc.tuple(types, fc.uint8Array({ maxLength: 80 })).map(([type, rest]) => {
    return Uint8Array.from([...Buffer.from(ETHERNET + type, "hex"), ...rest]);
  });
  fc.assert(fc.property(fc.oneof(frame, fc.uint8Array({ maxLength: 80 })), (bytes) => void flowOf(bytes)));
});
