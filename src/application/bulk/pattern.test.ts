import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Pattern } from "./pattern.ts";

describe("the pattern of a bulk transfer", () => {
  const pattern = new Pattern(1);

  test("pieces at any place are parts of one sequence", () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), fc.nat(70_000), fc.nat(2000), (from, offset, length) => {
        assert.deepEqual(pattern.differs(from + offset, pattern.piece(from + offset, length).slice()), undefined);
        const whole = pattern.piece(from, 4000);
        assert.deepEqual(pattern.piece(from + 100, 50), whole.subarray(100, 150));
      }),
    );
  });

  test("a byte that differs is found at its place, also past the period", () => {
    const bytes = new Uint8Array(200_000);
    for (let at = 0; at < bytes.length; ) {
      const piece = pattern.piece(1_000 + at, bytes.length - at);
      bytes.set(piece, at);
      at += piece.length;
    }
    assert.equal(pattern.differs(1_000, bytes), undefined);
    bytes[150_000] = (bytes[150_000] as number) ^ 1;
    assert.equal(pattern.differs(1_000, bytes), 151_000);
  });

  test("a piece lost or doubled leaves the rest out of step", () => {
    for (const size of [1, 512, 536, 1448, 1460, 4096, 16_384, 65_536, 1 << 20]) {
      assert.notEqual(pattern.differs(0, pattern.piece(size, 1000)), undefined, String(size));
    }
  });

  test("another seed is another sequence", () => {
    assert.notDeepEqual(new Pattern(2).piece(0, 100), pattern.piece(0, 100));
    assert.deepEqual(new Pattern(1).piece(0, 100), pattern.piece(0, 100));
  });
});
