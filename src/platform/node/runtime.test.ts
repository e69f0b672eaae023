import assert from "node:assert/strict";
import test from "node:test";
import { nodePlatform } from "./runtime.ts";

test("settling lets chains of promises run to their end, however long, and gives no turn to timers", async () => {
  let links = 0;
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  const chain = async () => {
    for (; links < 10_000; links++) await Promise.resolve();
  };
  void chain();
  await nodePlatform.settle();
  assert.equal(links, 10_000);
  assert.equal(turned, false);
  await nodePlatform.turn();
  assert.equal(turned, true);
});

test("a sleep ends when it is woken", async () => {
  const sleep = nodePlatform.sleep(1e12);
  sleep.wake();
  sleep.wake();
  await sleep.done;
  await nodePlatform.sleep(0).done;
  assert.ok(nodePlatform.wall() > 0);
});
