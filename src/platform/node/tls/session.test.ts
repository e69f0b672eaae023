import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packSession, unpackSession } from "./session.ts";

const bytes = fc.uint8Array({ maxLength: 40 });

test("what was packed comes out again", () => {
  fc.assert(
    fc.property(bytes, fc.boolean(), bytes, (certificate, verified, session) => {
      const unpacked = unpackSession(packSession({ certificate, verified, session }));
      assert.deepEqual(unpacked, {
        certificate: certificate.length === 0 ? undefined : certificate,
        verified,
        session,
      });
    }),
  );
});

test("bytes of anybody's are a session or none, and no error", () => {
  fc.assert(
    fc.property(bytes, (packed) => {
      const unpacked = unpackSession(packed);
      if (packed.length < 5) assert.equal(unpacked, undefined);
      else assert.ok((unpacked?.session.length ?? 0) <= packed.length - 5);
    }),
  );
  assert.equal(unpackSession(Uint8Array.of(1, 0, 0, 0, 9, 1, 2)), undefined, "a certificate that is longer than all");
});
