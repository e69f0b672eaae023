import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatHttpDate, parseHttpDate } from "./date.ts";

const NOW = Date.UTC(2026, 0, 1);
const EXAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37);

describe("HTTP dates (RFC 9110 §5.6.7)", () => {
  test("are printed as IMF-fixdate", () => {
    assert.equal(formatHttpDate(EXAMPLE + 999), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert.equal(formatHttpDate(NOW), new Date(NOW).toUTCString());
  });

  test("are read in three forms", () => {
    for (const text of [
      "Sun, 06 Nov 1994 08:49:37 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
    ]) {
      assert.equal(parseHttpDate(text, NOW), EXAMPLE, text);
    }
    assert.equal(parseHttpDate("Sun Nov 16 08:49:37 1994", NOW), EXAMPLE + 10 * 86_400_000);
  });

  test("with years of two digits lie at most 50 years ahead", () => {
    assert.equal(parseHttpDate("Thursday, 01-Jan-76 00:00:00 GMT", NOW), Date.UTC(2076, 0, 1));
    assert.equal(parseHttpDate("Friday, 02-Jan-76 00:00:00 GMT", NOW), Date.UTC(1976, 0, 2));
    assert.equal(parseHttpDate("Saturday, 01-Jan-77 00:00:00 GMT", NOW), Date.UTC(1977, 0, 1));
    assert.equal(parseHttpDate("Saturday, 01-Jan-00 00:00:00 GMT", NOW), Date.UTC(2000, 0, 1));
  });

  test("may have a leap second, and no other that there is not", () => {
    assert.equal(parseHttpDate("Sat, 31 Dec 2016 23:59:60 GMT", NOW), Date.UTC(2017, 0, 1));
    for (const text of [
      "Sun, 31 Feb 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 24:49:37 GMT",
      "Sun, 06 Nov 1994 08:60:37 GMT",
      "Sun, 06 Nov 1994 08:49:61 GMT",
      "Sun, 6 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 UTC",
      "sun, 06 nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 GMT ",
      "1994-11-06T08:49:37Z",
      "0",
      "",
    ]) {
      assert.equal(parseHttpDate(text, NOW), undefined, text);
    }
  });

  test("are read as they were printed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (second) => {
        assert.equal(parseHttpDate(formatHttpDate(second * 1000), NOW), second * 1000);
      }),
    );
  });
});
