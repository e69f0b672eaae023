import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds, START } from "../time/instant.ts";
import { Scheduler } from "../time/scheduler.ts";
import { VirtualWaking } from "./virtual-waking.ts";
import { WAITING_CALLS_LIMIT, Waiters } from "./waiters.ts";

/** Calls that take numbers from a heap. */
function numbers() {
  const scheduler = new Scheduler();
  const waiters = new Waiters(new VirtualWaking(scheduler));
  const heap: number[] = [];
  const attempt = (): number | "EAGAIN" => heap.shift() ?? "EAGAIN";
  const put = (...values: number[]): void => {
    heap.push(...values);
    waiters.advance();
  };
  return { scheduler, waiters, put, call: { syscall: "take", attempt } };
}

const code = (expected: string) => (error: unknown) => (error as { code?: string }).code === expected;

test("a call that can be done at once is done at once, and one that cannot waits for an edge", async () => {
  const { waiters, put, call } = numbers();
  put(1);
  assert.equal(await waiters.call(call), 1);
  const second = waiters.call(call);
  assert.equal(waiters.count, 1);
  put(2);
  assert.equal(await second, 2);
  assert.equal(waiters.count, 0);
});

test("first come, first served, also for a call that could be done when others wait", async () => {
  const { waiters, put, call } = numbers();
  const order: string[] = [];
  const first = waiters.call(call).then((value) => order.push(`first ${value}`));
  const second = waiters.call(call).then((value) => order.push(`second ${value}`));
  put(1, 2);
  await Promise.all([first, second]);
  assert.deepEqual(order, ["first 1", "second 2"]);
});

test("every end of a call, at once or later, lets the program run before time goes on", async () => {
  const { scheduler, waiters, put, call } = numbers();
  const woken = () => scheduler.runUntil(START) === "woken";
  put(1);
  assert.equal(woken(), false);
  await waiters.call(call);
  assert.equal(woken(), true, "done at once");
  const waiting = waiters.call(call);
  assert.equal(woken(), false, "waits");
  put(2);
  assert.equal(woken(), true, "done later");
  await waiting;
  const closed = assert.rejects(waiters.call(call), code("EBADF"));
  waiters.refuseAll("EBADF");
  assert.equal(woken(), true, "refused");
  await closed;
});

test("a deadline ends a call at its virtual time, with the errno it names", async () => {
  const { scheduler, waiters, put, call } = numbers();
  const late = assert.rejects(waiters.call(call, { timeout: milliseconds(5) }), code("EAGAIN"));
  const own = assert.rejects(waiters.call({ ...call, late: "ETIMEDOUT" }, {}, milliseconds(9)), code("ETIMEDOUT"));
  const kept = waiters.call(call);
  assert.equal(scheduler.runUntil(milliseconds(6) as never), "woken");
  assert.equal(scheduler.now, milliseconds(5));
  await late;
  assert.equal(scheduler.runUntil(milliseconds(20) as never), "woken");
  assert.equal(scheduler.now, milliseconds(9));
  await own;
  put(7);
  assert.equal(await kept, 7, "the next call has the number");
});

test("a call that is done takes its deadline and its listener with it", async () => {
  const { scheduler, waiters, put, call } = numbers();
  const controller = new AbortController();
  const waiting = waiters.call(call, { timeout: milliseconds(5), signal: controller.signal });
  put(1);
  assert.equal(await waiting, 1);
  assert.equal(scheduler.next, Number.POSITIVE_INFINITY);
  controller.abort();
  assert.equal(waiters.count, 0);
});

test("a timeout of 0 does not wait at all, even behind others", async () => {
  const { waiters, put, call } = numbers();
  const atOnce = { timeout: milliseconds(0) };
  await assert.rejects(waiters.call(call, atOnce), code("EAGAIN"));
  await assert.rejects(waiters.call({ ...call, never: "EINPROGRESS" }, atOnce), code("EINPROGRESS"));
  const waiting = waiters.call(call);
  await assert.rejects(waiters.call(call, atOnce), code("EAGAIN"));
  put(1);
  assert.equal(await waiting, 1);
});

test("a call that has done a part resolves with it when it is ended early, but not by a close", async () => {
  const { waiters, call } = numbers();
  const controller = new AbortController();
  const partly = { ...call, partly: () => 3 };
  const aborted = waiters.call(partly, { signal: controller.signal });
  const closed = assert.rejects(waiters.call(partly), code("EBADF"));
  controller.abort();
  assert.equal(await aborted, 3);
  waiters.refuseAll("EBADF");
  await closed;
});

test("no more calls wait than the limit", async () => {
  const { waiters, call } = numbers();
  const waiting = Array.from({ length: WAITING_CALLS_LIMIT }, () => waiters.call(call));
  await assert.rejects(waiters.call(call), code("ENOBUFS"));
  waiters.refuseAll("EBADF");
  const ends = await Promise.allSettled(waiting);
  assert.ok(ends.every((end) => end.status === "rejected"));
});
