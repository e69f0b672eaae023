import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseCookieDate } from "./cookie-date.ts";

/** What servers write, and what is meant: dates of RFC 6265 §5.1.1 in the forms that are met. */
const DATES: readonly [written: string, meant: string | undefined][] = [
  ["Mon, 10-Dec-2007 17:02:24 GMT", "2007-12-10T17:02:24Z"],
  ["Thursday, 01-Jan-1970 00:00:00 GMT", "1970-01-01T00:00:00Z"],
  ["Mon Dec 10 16:32:30 2007 GMT", "2007-12-10T16:32:30Z"],
  ["Wednesday, 01-Jan-10 00:00:00 GMT", "2010-01-01T00:00:00Z"],
  ["Fri, 31 Dec 99 23:59:59 GMT", "1999-12-31T23:59:59Z"],
  ["Sun, 06 Nov 69 08:49:37 GMT", "2069-11-06T08:49:37Z"],
  ["Sun, 06 Nov 70 08:49:37 GMT", "1970-11-06T08:49:37Z"],
  ["31/Aug/2012 4:5:6", "2012-08-31T04:05:06Z"],
  ["  20:35:03   2007   december   1st", "2007-12-01T20:35:03Z"],
  ["29 Feb 2024 00:00:00", "2024-02-29T00:00:00Z"],
  ["29 Feb 2023 00:00:00", undefined],
  ["Fri, 32 Dec 99 23:59:59 GMT", undefined],
  ["Fri, 31 Dec 1600 23:59:59 GMT", undefined],
  ["Fri, 31 Dec 2020 24:00:00 GMT", undefined],
  ["Fri, 31 Dec 2020 23:60:00 GMT", undefined],
  ["Fri, 31 Dec 2020 23:59:60 GMT", undefined],
  ["Fri, 31 Dec 2020", undefined],
  ["Fri, 31 2020 12:00:00", undefined],
  ["Dec 2020 12:00:00", undefined],
  ["31 Dec 12:00:00", undefined],
  ["", undefined],
];

describe("a date of a cookie", () => {
  for (const [written, meant] of DATES) {
    test(`${JSON.stringify(written)} is ${meant ?? "none"} (RFC 6265 §5.1.1)`, () => {
      const found = parseCookieDate(written);
      assert.equal(found, meant === undefined ? undefined : Date.parse(meant));
    });
  }
});
