import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ip } from "../../address/ip.ts";
import { Random } from "../../base/random.ts";
import type { Ends } from "./connection.ts";
import { COOKIE_EPOCH, COOKIE_SEGMENT_SIZES, cookieTimestamp, readCookieTimestamp, SynCookies } from "./syn-cookies.ts";

const ENDS: Ends = {
  localAddress: ip("10.0.0.1"),
  localPort: 80,
  remoteAddress: ip("10.0.0.2"),
  remotePort: 4000,
};
const cookiesOf = (seed: number) => new SynCookies(new Random(seed));
const int32 = () => fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const scale = () => fc.integer({ min: -1, max: 14 });
const time = () => fc.integer({ min: 0, max: 1000 * COOKIE_EPOCH });

describe("a SYN cookie (RFC 4987, appendix A)", () => {
  const cookies = cookiesOf(1);

  test("comes back with the largest listed segment that the peer takes, within its epoch and the next", () => {
    fc.assert(
      fc.property(time(), int32(), fc.integer({ min: 0, max: 65_535 }), (now, irs, size) => {
        const cookie = cookies.make(now, ENDS, irs, size);
        const fitting = COOKIE_SEGMENT_SIZES.filter((each) => each <= size).at(-1) ?? COOKIE_SEGMENT_SIZES[0];
        const end = (Math.floor(now / COOKIE_EPOCH) + 2) * COOKIE_EPOCH;
        assert.equal(cookie, cookie | 0);
        assert.equal(cookies.check(now, ENDS, irs, cookie), fitting);
        assert.equal(cookies.check(end - 1, ENDS, irs, cookie), fitting);
        assert.equal(cookies.check(end, ENDS, irs, cookie), undefined, "too late");
        assert.equal(cookies.check(end + 300 * COOKIE_EPOCH, ENDS, irs, cookie), undefined);
      }),
    );
  });

  test("is worth nothing for other ends, another SYN, or another host's key", () => {
    let taken = 0;
    for (let round = 0; round < 1000; round++) {
      const irs = Math.imul(round, 0x9e3779b1);
      const cookie = cookies.make(1e12, ENDS, irs, 1460);
      const forgeries = [
        cookies.check(1e12, { ...ENDS, remotePort: 4001 }, irs, cookie),
        cookies.check(1e12, { ...ENDS, localPort: 81 }, irs, cookie),
        cookies.check(1e12, { ...ENDS, remoteAddress: ip("10.0.0.3") }, irs, cookie),
        cookies.check(1e12, { ...ENDS, localAddress: ip("10.0.0.3") }, irs, cookie),
        cookies.check(1e12, ENDS, irs + 1000, cookie),
        cookies.check(1e12, ENDS, irs + 1, cookie), // an ACK that was lost, and then data of one byte
        cookiesOf(2).check(1e12, ENDS, irs, cookie),
      ];
      taken += forgeries.filter((each) => each !== undefined).length;
    }
    assert.equal(taken, 0);
  });

  test("can hardly be guessed: of all numbers, as many are good as there are sizes and epochs", () => {
    const random = new Random(1, "guesses");
    let hits = 0;
    for (let guess = 0; guess < 100_000; guess++) {
      if (cookies.check(1e12, ENDS, 7, random.uint32() | 0) !== undefined) hits++;
    }
    assert.equal(hits, 0, "8 in 2^32");
  });
});

describe("the timestamp of a cookie", () => {
  test("brings back window scale, SACK and ECN, and lies at most 64 ticks back", () => {
    fc.assert(
      fc.property(int32(), scale(), fc.boolean(), fc.boolean(), (now, windowScale, sackPermitted, ecnCapable) => {
        const value = cookieTimestamp(now, { windowScale, sackPermitted, ecnCapable });
        const back = (now - value) | 0;
        assert.ok(back >= 0 && back <= 64, `${back}`);
        assert.deepEqual(readCookieTimestamp(value), { windowScale, sackPermitted, ecnCapable });
      }),
    );
  });
});
