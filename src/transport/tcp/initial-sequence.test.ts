import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ip } from "../../address/ip.ts";
import { Random } from "../../base/random.ts";
import type { Instant } from "../../time/instant.ts";
import { InitialSequence } from "./initial-sequence.ts";

const A = ip("10.0.0.1");
const B = ip("10.0.0.2");
const C = ip("10.0.0.3");
/** Nanoseconds in which the clock comes round: 2^32 steps of 4 µs. */
const ROUND = 2 ** 32 * 4000;

const sequenceOf = (seed: number) => new InitialSequence(new Random(seed));
const at = (nanoseconds: number) => nanoseconds as Instant;

describe("initial sequence numbers", () => {
  const sequence = sequenceOf(1);
  const choose = (time: number) => sequence.choose(at(time), A, 50_000, B, 80);

  test("of the same four grow by one each 4 µs (RFC 9293 §3.4.1, MUST-8; RFC 6528 §3)", () => {
    const first = choose(0);
    assert.equal(choose(3999), first);
    assert.equal((choose(4000) - first) | 0, 1);
    assert.equal((choose(1e9) - first) | 0, 250_000);
    assert.equal(choose(ROUND), first, "and come round after 4.8 hours");
  });

  test("of a later connection of the same four are later, wherever the numbers wrap", () => {
    const time = fc.integer({ min: 0, max: 2 * ROUND });
    const later = fc.integer({ min: 4000, max: ROUND / 2 - 4000 });
    fc.assert(fc.property(time, later, (start, elapsed) => ((choose(start + elapsed) - choose(start)) | 0) > 0));
  });

  test("of other fours, and of other secrets, say nothing of these (SHLD-1, MUST-9)", () => {
    const numbers = [
      choose(0),
      sequence.choose(at(0), A, 50_001, B, 80),
      sequence.choose(at(0), A, 50_000, B, 81),
      sequence.choose(at(0), A, 80, B, 50_000),
      sequence.choose(at(0), A, 50_000, C, 80),
      sequence.choose(at(0), C, 50_000, B, 80),
      sequence.choose(at(0), B, 50_000, A, 80),
      sequenceOf(2).choose(at(0), A, 50_000, B, 80),
    ];
    for (const [index, number] of numbers.entries()) {
      assert.equal(number, number | 0, "a whole number of 32 bits");
      for (const other of numbers.slice(0, index)) {
        const distance = Math.abs((number - other) | 0);
        assert.ok(distance > 1_000_000, `${numbers} are not near each other`);
      }
    }
  });

  test("of the same secret are the same, so that a seed repeats them", () => {
    assert.equal(sequenceOf(1).choose(at(5e9), A, 50_000, B, 80), choose(5e9));
  });

  test("come with timestamps that begin elsewhere for each pair of hosts, whatever their ports (RFC 7323 §7.1)", () => {
    const offset = sequence.timestampOffset(A, B);
    assert.equal(sequenceOf(1).timestampOffset(A, B), offset);
    for (const other of [sequence.timestampOffset(A, C), sequenceOf(2).timestampOffset(A, B)]) {
      assert.notEqual(other, offset);
    }
  });
});
