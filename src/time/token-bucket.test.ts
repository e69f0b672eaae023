import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { after, type Instant, milliseconds, START, seconds } from "./instant.ts";
import { perSecond, TokenBucket } from "./token-bucket.ts";

describe("token bucket", () => {
  const takeAll = (bucket: TokenBucket, now: Instant): number => {
    let count = 0;
    while (bucket.take(now)) count++;
    return count;
  };

  test("allows a burst, then the rate", () => {
    const bucket = new TokenBucket(perSecond(10), 20, START);
    assert.equal(takeAll(bucket, START), 20);
    assert.equal(takeAll(bucket, after(START, milliseconds(99))), 0);
    assert.equal(takeAll(bucket, after(START, milliseconds(100))), 1);
    assert.equal(takeAll(bucket, after(START, milliseconds(600))), 5);
  });

  test("never holds more than the burst", () => {
    const bucket = new TokenBucket(perSecond(10), 20, START);
    assert.equal(bucket.isFull(START), true);
    takeAll(bucket, START);
    assert.equal(bucket.isFull(after(START, seconds(1))), false);
    assert.equal(bucket.isFull(after(START, seconds(2))), true);
    assert.equal(takeAll(bucket, after(START, seconds(100))), 20);
  });

  test("never fills at a rate of none, and always at a rate without end", () => {
    const never = new TokenBucket(perSecond(0), 2, START);
    takeAll(never, START);
    assert.equal(never.take(after(START, seconds(1e6))), false);
    const always = new TokenBucket(perSecond(1e12), 2, START);
    takeAll(always, START);
    assert.equal(takeAll(always, after(START, milliseconds(1))), 2);
  });
});
