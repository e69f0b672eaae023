import assert from "node:assert/strict";
import test from "node:test";
import { type IpAddress, ip } from "../../address/ip.ts";
import type { Instant } from "../../time/instant.ts";
import { ErrorLimit } from "./error-limit.ts";

const A = ip("10.0.0.1");
const at = (seconds: number) => (seconds * 1e9) as Instant;
const count = (times: number, take: (index: number) => boolean) =>
  Array.from({ length: times }, (_, index) => take(index)).filter(Boolean).length;

test("one destination gets six at once, then one a second", () => {
  const limit = new ErrorLimit();
  assert.equal(
    count(20, () => limit.take(A, at(5))),
    6,
  );
  assert.equal(
    count(20, () => limit.take(A, at(5.999))),
    0,
  );
  assert.equal(
    count(20, () => limit.take(A, at(6))),
    1,
  );
  assert.equal(
    count(20, () => limit.take(A, at(9))),
    3,
  );
  assert.equal(
    count(20, () => limit.take(A, at(1000))),
    6,
  );
});

test("all destinations together get fifty at once, then a thousand a second", () => {
  const limit = new ErrorLimit();
  assert.equal(
    count(200, (index) => limit.take((A + index) as IpAddress, at(1))),
    50,
  );
  assert.equal(
    count(200, (index) => limit.take((A + 1000 + index) as IpAddress, at(1.01))),
    10,
  );
});

test("it works on, however many destinations there were", () => {
  const limit = new ErrorLimit();
  for (let host = 0; host < 5000; host++) limit.take((A + host) as IpAddress, at(host));
  assert.ok(limit.take(A, at(6000)));
});
