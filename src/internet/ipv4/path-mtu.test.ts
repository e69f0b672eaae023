import assert from "node:assert/strict";
import test from "node:test";
import { type IpAddress, ip } from "../../address/ip.ts";
import { minutes } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { PATH_MTU_FLOOR, PATH_MTU_LIMIT, PathMtus } from "./path-mtu.ts";

const FAR = ip("192.0.2.1");

function cache() {
  const scheduler = new Scheduler();
  let changes = 0;
  const mtus = new PathMtus(scheduler, "pc1", () => changes++);
  const at = (count: number) => scheduler.runUntil(minutes(count) as never);
  return { scheduler, mtus, at, changes: () => changes };
}

test("the MTU that a router names is the path's, until a larger one is tried after ten minutes (RFC 1191 §6.3)", () => {
  const { mtus, at, changes } = cache();
  assert.equal(mtus.get(FAR), Number.POSITIVE_INFINITY);
  assert.equal(mtus.learn(FAR, 1500, 576), 576);
  assert.equal(mtus.get(FAR), 576);
  assert.equal(changes(), 1);
  at(9.9);
  assert.equal(mtus.get(FAR), 576);
  at(10);
  assert.equal(mtus.get(FAR), Number.POSITIVE_INFINITY);
  assert.equal(changes(), 2);
});

test("a router that names none means the next plateau (RFC 1191 §7.1)", () => {
  const { mtus } = cache();
  assert.equal(mtus.learn(FAR, 1500, 0), 1492);
  assert.equal(mtus.learn(FAR, 1492, 0), 1006);
  assert.equal(mtus.learn(FAR, 1006, 0), PATH_MTU_FLOOR);
});

test("an MTU below 552 is taken as 552, and what is longer may be cut on its way (Linux min_pmtu)", () => {
  const { mtus, at, changes } = cache();
  mtus.learn(FAR, 1500, 552);
  assert.deepEqual([mtus.get(FAR), mtus.isFloored(FAR), changes()], [552, false, 1]);
  assert.equal(mtus.learn(FAR, 552, 551), PATH_MTU_FLOOR);
  assert.deepEqual([mtus.get(FAR), mtus.isFloored(FAR), changes()], [552, true, 2]);
  at(5);
  assert.equal(mtus.learn(FAR, 400, 296), PATH_MTU_FLOOR, "a shorter datagram that may not be cut asks again");
  mtus.learn(FAR, 1500, 552);
  assert.deepEqual(
    [mtus.get(FAR), mtus.isFloored(FAR), changes()],
    [552, true, 2],
    "once below, below until it is old",
  );
  at(15);
  assert.deepEqual([mtus.get(FAR), mtus.isFloored(FAR), changes()], [Number.POSITIVE_INFINITY, false, 3]);
});

test("it never grows, nor is a claim below 68 believed, nor is a datagram that fits a reason", () => {
  const { mtus, changes } = cache();
  assert.equal(mtus.learn(FAR, 1500, 67), undefined);
  assert.equal(mtus.learn(FAR, 1500, 1500), undefined);
  assert.equal(mtus.learn(FAR, 1500, 9000), undefined);
  mtus.learn(FAR, 1500, 1000);
  assert.equal(mtus.learn(FAR, 1500, 1200), 1000);
  assert.equal(mtus.get(FAR), 1000);
  assert.equal(changes(), 1);
});

test("news that comes again counts its ten minutes from then", () => {
  const { mtus, at, changes } = cache();
  mtus.learn(FAR, 1500, 576);
  at(5);
  mtus.learn(FAR, 1500, 576);
  at(14);
  assert.equal(mtus.get(FAR), 576);
  at(15);
  assert.equal(mtus.get(FAR), Number.POSITIVE_INFINITY);
  assert.equal(changes(), 2);
});

test("so many destinations are remembered, the newest", () => {
  const { mtus } = cache();
  for (let host = 0; host <= PATH_MTU_LIMIT; host++) mtus.learn((FAR + host) as IpAddress, 1500, 576);
  assert.equal(mtus.get(FAR), Number.POSITIVE_INFINITY);
  assert.equal(mtus.get((FAR + 1) as IpAddress), 576);
  assert.equal(mtus.snapshot().length, PATH_MTU_LIMIT);
});
