import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type ByteRange, contentRange, parseRange, RANGES_LIMIT, unsatisfiedRange } from "./range.ts";

const written = (ranges: ReturnType<typeof parseRange>): string =>
  typeof ranges === "string" ? ranges : ranges.map(({ start, end }: ByteRange) => `${start}-${end - 1}`).join();

describe("ranges (RFC 9110 §14)", () => {
  test("are read as §14.1.2 has them", () => {
    const table: Record<string, string> = {
      "bytes=0-499": "0-499",
      "bytes=500-999": "500-999",
      "bytes=-500": "9500-9999",
      "bytes=9500-": "9500-9999",
      "bytes=0-0,-1": "0-0,9999-9999",
      "bytes= 0-0, -1": "0-0,9999-9999",
      "bytes= 0-999, 4500-5499, -1000": "0-999,4500-5499,9000-9999",
      "bytes=9000-20000": "9000-9999",
      "bytes=-20000": "0-9999",
      "BYTES=1-2": "1-2",
      "bytes=,,1-2,,": "1-2",
      "bytes=700-799,100-199": "700-799,100-199",
      "bytes=99999999999999999999-": "unsatisfiable",
      "bytes=10000-": "unsatisfiable",
      "bytes=-0": "unsatisfiable",
      "bytes=10000-,5-6": "5-6",
    };
    for (const [field, expected] of Object.entries(table))
      assert.equal(written(parseRange(field, 10_000)), expected, field);
  });

  test("that are not well written, or of another unit, mean the whole (§14.2)", () => {
    for (const field of [
      "bytes=2-1",
      "bytes=",
      "bytes=a-b",
      "bytes=1-2,x",
      "bytes 1-2",
      "lines=1-2",
      "bytes=--1",
      "bytes=-",
      "bytes=1.5-2",
      "",
    ]) {
      assert.equal(parseRange(field, 10_000), "whole", field);
    }
  });

  test("that overlap or nearly touch become one, and too many the whole", () => {
    assert.equal(written(parseRange("bytes=0-10,5-20", 10_000)), "0-20");
    assert.equal(written(parseRange("bytes=50-60,0-10", 10_000)), "0-60");
    assert.equal(written(parseRange("bytes=0-,0-,0-", 10_000)), "whole");
    assert.equal(written(parseRange("bytes=0-", 10_000)), "0-9999");
    const many = Array.from({ length: RANGES_LIMIT + 1 }, (_, index) => `${index * 200}-${index * 200}`);
    assert.equal(parseRange(`bytes=${many.join()}`, 1e6), "whole");
    assert.equal(parseRange(`bytes=${many.slice(1).join()}`, 1e6).length, RANGES_LIMIT);
    assert.equal(parseRange(`bytes=${",".repeat(10_000)}`, 1e6), "whole");
  });

  test("of an empty representation cannot be satisfied, but for its end, which is all of it", () => {
    assert.equal(parseRange("bytes=0-", 0), "unsatisfiable");
    assert.equal(parseRange("bytes=-0", 0), "unsatisfiable");
    assert.equal(parseRange("bytes=-5", 0), "whole");
  });

  test("lie inside the representation and are together no larger, whatever is asked for", () => {
    const spec = fc.oneof(
      fc.tuple(fc.nat(120), fc.nat(120)).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.nat(120).map((from) => `${from}-`),
      fc.nat(120).map((length) => `-${length}`),
    );
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 8 }), fc.nat(100), (specs, size) => {
        const ranges = parseRange(`bytes=${specs.join()}`, size);
        if (typeof ranges === "string") return;
        assert.ok(ranges.length > 0);
        for (const { start, end } of ranges) assert.ok(start >= 0 && start < end && end <= size);
        assert.ok(ranges.reduce((sum, { start, end }) => sum + end - start, 0) <= size);
      }),
    );
  });

  test("are told back (§14.4)", () => {
    assert.equal(contentRange({ start: 42, end: 1234 }, 1234), "bytes 42-1233/1234");
    assert.equal(unsatisfiedRange(1234), "bytes */1234");
  });
});
