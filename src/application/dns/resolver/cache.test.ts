import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { a, soa } from "../../../../test/fixtures/name-servers.ts";
import type { Instant } from "../../../time/instant.ts";
import { name } from "../name.ts";
import type { RecordWith, ResourceRecord } from "../record.ts";
import { Cache, type Finding, NEGATIVE_TTL_LIMIT, TTL_LIMIT } from "./cache.ts";

const WWW = name("www.test.");
const records = (...ttls: number[]): Finding => ({
  kind: "records",
  records: ttls.map((ttl, n): ResourceRecord => a("www.test.", `10.0.0.${n}`, ttl)),
});
const negative = (kind: "no-data" | "no-name", ttl: number, minimum: number): Finding => ({
  kind,
  authority: soa("test.", ttl, minimum) as RecordWith<"SOA">,
});

/** A cache, and its clock in seconds. */
function cacheAt(limit?: number): { cache: Cache; clock: { seconds: number } } {
  const clock = { seconds: 0 };
  return { cache: new Cache(() => (clock.seconds * 1e9) as Instant, limit), clock };
}

describe("a resolver's cache", () => {
  test("keeps a record set for the least of its TTLs (RFC 2181 §5.2), which grow less", () => {
    const { cache, clock } = cacheAt();
    cache.add(WWW, "A", records(10, 5));
    clock.seconds = 3.5;
    const found = cache.find(name("WWW.test."), "A");
    assert.deepEqual(found?.kind === "records" && found.records.map(({ ttl }) => ttl), [7, 2]);
    assert.equal(cache.find(WWW, "AAAA"), undefined);
    clock.seconds = 5;
    assert.equal(cache.find(WWW, "A"), undefined);
    assert.deepEqual(cache.snapshot(), []);
  });

  test("keeps nothing longer than a day, and nothing that is for this once", () => {
    const { cache, clock } = cacheAt();
    cache.add(WWW, "A", records(2 ** 31 - 1));
    clock.seconds = TTL_LIMIT - 1;
    assert.notEqual(cache.find(WWW, "A"), undefined);
    clock.seconds = TTL_LIMIT;
    assert.equal(cache.find(WWW, "A"), undefined);
    cache.add(WWW, "A", records(0));
    assert.equal(cache.find(WWW, "A"), undefined);
  });

  test("keeps what is not there for the SOA record's TTL or minimum, the lesser, and three hours at most", () => {
    for (const [ttl, minimum, expected] of [
      [5, 9, 5],
      [9, 5, 5],
      [1e6, 1e6, NEGATIVE_TTL_LIMIT],
    ] as const) {
      const { cache, clock } = cacheAt();
      cache.add(WWW, "A", negative("no-data", ttl, minimum));
      clock.seconds = expected - 1;
      assert.equal(cache.find(WWW, "A")?.kind, "no-data");
      assert.equal(cache.find(WWW, "MX"), undefined, "of that type alone");
      clock.seconds = expected;
      assert.equal(cache.find(WWW, "A"), undefined);
    }
  });

  test("knows of every type that there is no such name, until it hears of one", () => {
    const { cache } = cacheAt();
    cache.add(WWW, "A", negative("no-name", 60, 60));
    assert.equal(cache.find(WWW, "MX")?.kind, "no-name");
    cache.add(WWW, "TXT", records(60));
    assert.equal(cache.find(WWW, "MX"), undefined);
  });

  test("shows what it keeps, the latest used last, and forgets the first when it is full", () => {
    const { cache, clock } = cacheAt(2);
    cache.add(name("a.test."), "A", records(60));
    cache.add(name("b.test."), "A", negative("no-data", 60, 60));
    clock.seconds = 0.5;
    cache.find(name("a.test."), "A");
    cache.add(name("c.test."), "A", negative("no-name", 60, 60));
    assert.deepEqual(cache.snapshot(), [
      { name: "a.test.", type: "A", ttl: 60, data: ["10.0.0.0"] },
      { name: "c.test.", type: "*", ttl: 60, data: ["NXDOMAIN"] },
    ]);
    cache.clear();
    assert.deepEqual(cache.snapshot(), []);
  });
});
