import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type BulkRequest, decodeRequest, encodeRequest, REQUEST_BYTES } from "./transfer.ts";

test("a request is read as it was written", () => {
  const requests = fc.record<BulkRequest>({
    direction: fc.constantFrom("upload", "download"),
    seed: fc.nat(2 ** 32 - 1),
    bytes: fc.maxSafeNat(),
  });
  fc.assert(
    fc.property(requests, (request) => assert.deepEqual(decodeRequest(encodeRequest(request)), { ...request })),
  );
});

test("whatever comes is a request or not, without a throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => void decodeRequest(bytes)));
  assert.equal(decodeRequest(new Uint8Array(REQUEST_BYTES)), undefined);
  assert.equal(decodeRequest(new Uint8Array(REQUEST_BYTES).fill(255)), undefined);
});
