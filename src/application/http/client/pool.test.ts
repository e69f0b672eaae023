import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "../../../../test/fixtures/virtual-clock.ts";
import { type Instant, seconds } from "../../../time/instant.ts";
import { Scheduler } from "../../../time/scheduler.ts";
import { type Lease, Pool, type Pooled, type PoolLimits } from "./pool.ts";

class FakeConnection implements Pooled {
  readonly to: string;
  ready = true;
  closed = false;
  onUnready: (() => void) | undefined;

  constructor(to: string) {
    this.to = to;
  }

  isReady(): boolean {
    return this.ready && !this.closed;
  }

  async close(): Promise<void> {
    assert.equal(this.closed, false, "a connection is closed once");
    this.closed = true;
  }

  /** The peer closes it. */
  end(): void {
    this.ready = false;
    this.onUnready?.();
  }
}

const IDLE = seconds(4);
const A = { key: "a" };
const B = { key: "b" };
let scheduler = new Scheduler();
let dialled: FakeConnection[] = [];
let refuse: Error | undefined;

function makePool(limits: Partial<PoolLimits> = {}): Pool<{ key: string }, FakeConnection> {
  const dial = async ({ key }: { key: string }, signal?: AbortSignal): Promise<FakeConnection> => {
    await Promise.resolve();
    signal?.throwIfAborted();
    if (refuse !== undefined) throw refuse;
    const connection = new FakeConnection(key);
    dialled.push(connection);
    return connection;
  };
  return new Pool(new VirtualClock(scheduler), dial, limits);
}

beforeEach(() => {
  scheduler = new Scheduler();
  dialled = [];
  refuse = undefined;
});

/** Lets promises settle. */
async function settle(): Promise<void> {
  for (let n = 0; n < 20; n++) await Promise.resolve();
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  promise.then(note, note);
  await settle();
  return settled;
};

describe("a pool of connections", () => {
  test("uses one again that rests, the one used last first", async () => {
    const pool = makePool();
    const [first, second] = [await pool.acquire(A), await pool.acquire(A)];
    assert.deepEqual([first.reused, second.reused], [false, false]);
    first.release(IDLE);
    second.release(IDLE);
    const third = await pool.acquire(A);
    assert.ok(third.reused && third.connection === second.connection);
    assert.equal((await pool.acquire(B)).reused, false, "not for another place");
  });

  test("makes a fresh one when asked", async () => {
    const pool = makePool();
    (await pool.acquire(A)).release(IDLE);
    assert.equal((await pool.acquire(A, { fresh: true })).reused, false);
  });

  test("closes what was given back as not to be used", async () => {
    const pool = makePool();
    const lease = await pool.acquire(A);
    lease.release(undefined);
    lease.release(IDLE);
    assert.ok(lease.connection.closed);
    assert.deepEqual(pool.snapshot(), { connections: 0, resting: 0, waiting: 0 });
  });

  test("closes what rests too long, no longer than either side says", async () => {
    const pool = makePool({ idle: seconds(3) });
    (await pool.acquire(A)).release(seconds(9));
    (await pool.acquire(B)).release(seconds(1));
    scheduler.runUntil(seconds(2) as number as Instant);
    assert.deepEqual(
      dialled.map(({ closed }) => closed),
      [false, true],
    );
    scheduler.runUntil(seconds(4) as number as Instant);
    assert.deepEqual(
      dialled.map(({ closed }) => closed),
      [true, true],
    );
    assert.equal(pool.snapshot().connections, 0);
  });

  test("lets go of one that its peer closes while it rests, and of one found closed", async () => {
    const pool = makePool();
    (await pool.acquire(A)).release(IDLE);
    dialled[0]?.end();
    assert.equal(pool.snapshot().connections, 0);
    (await pool.acquire(A)).release(IDLE);
    (dialled[1] as FakeConnection).ready = false;
    const lease = await pool.acquire(A);
    assert.ok(!lease.reused && dialled[1]?.closed);
  });

  test("lets those over the limit wait, and serves them in order", async () => {
    const pool = makePool({ perOrigin: 1 });
    const first = await pool.acquire(A);
    const [second, third] = [pool.acquire(A), pool.acquire(A)];
    assert.equal(await isSettled(second), false);
    assert.equal(pool.snapshot().waiting, 2);
    first.release(IDLE);
    const lease = await second;
    assert.ok(lease.reused && lease.connection === first.connection);
    assert.equal(await isSettled(third), false);
    lease.release(undefined);
    assert.equal((await third).reused, false, "in the place of the one that was closed");
  });

  test("closes one that rests elsewhere when all are in use", async () => {
    const pool = makePool({ connections: 1 });
    (await pool.acquire(A)).release(IDLE);
    const lease = await pool.acquire(B);
    assert.ok(dialled[0]?.closed && lease.connection.to === "b");
    const waiting = pool.acquire(A);
    assert.equal(await isSettled(waiting), false);
    lease.release(IDLE);
    assert.equal((await waiting).connection.to, "a");
  });

  test("serves the next when dialling fails", async () => {
    const pool = makePool({ perOrigin: 1 });
    refuse = new Error("refused");
    const [first, second] = [pool.acquire(A), pool.acquire(A)];
    await assert.rejects(first, /refused/);
    await assert.rejects(second, /refused/);
    refuse = undefined;
    assert.equal((await pool.acquire(A)).reused, false);
    assert.equal(pool.snapshot().connections, 1);
  });

  test("forgets who gives up waiting, and hands nothing to them", async () => {
    const pool = makePool({ perOrigin: 1 });
    const first = await pool.acquire(A);
    const control = new AbortController();
    const second = pool.acquire(A, { signal: control.signal });
    const third = pool.acquire(A);
    await settle();
    control.abort(new Error("enough"));
    await assert.rejects(second, /enough/);
    first.release(IDLE);
    assert.equal((await third).connection, first.connection);
    await assert.rejects(pool.acquire(A, { signal: control.signal }), /enough/);
    assert.equal(pool.snapshot().waiting, 0);
  });

  test("refuses when too many wait", async () => {
    const pool = makePool({ perOrigin: 1, waiting: 1 });
    await pool.acquire(A);
    void pool.acquire(A);
    await assert.rejects(pool.acquire(A), { code: "ENOBUFS" });
  });

  test("ends with everything that rests and waits, and closes the rest when it is given back", async () => {
    const pool = makePool({ perOrigin: 2 });
    const [first, second] = [await pool.acquire(A), await pool.acquire(A)];
    second.release(IDLE);
    const third = pool.acquire(A);
    await third;
    const fourth = pool.acquire(A);
    fourth.catch(() => {});
    await settle();
    await pool.close();
    await assert.rejects(fourth, { code: "ECANCELED" });
    await assert.rejects(pool.acquire(A), { code: "ECANCELED" });
    first.release(IDLE);
    (await third).release(IDLE);
    assert.ok(dialled.every(({ closed }) => closed));
    assert.deepEqual(pool.snapshot(), { connections: 0, resting: 0, waiting: 0 });
  });

  test("loses nobody and passes no limit, whatever comes in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 60 }), fc.nat(99), async (steps, salt) => {
        const pool = makePool({ perOrigin: 2, connections: 3 });
        const held: Lease<FakeConnection>[] = [];
        const controls: AbortController[] = [];
        let open = 0;
        const begin = dialled.length;
        for (const [n, step] of steps.entries()) {
          if (step <= 2) {
            const control = new AbortController();
            controls.push(control);
            open++;
            pool
              .acquire({ key: "abc"[(n + salt) % 3] as string }, { signal: control.signal, fresh: n % 7 === 0 })
              .then((lease) => held.push(lease))
              .catch(() => {})
              .finally(() => open--);
          } else if (step === 3) held.splice(salt % (held.length || 1), 1)[0]?.release(n % 2 ? IDLE : undefined);
          else if (step === 4) controls.splice(salt % (controls.length || 1), 1)[0]?.abort(new Error("enough"));
          else dialled.findLast(({ onUnready }) => onUnready !== undefined)?.end();
          if (n % 3 === 0) await settle();
          const alive = dialled.slice(begin).filter(({ closed }) => !closed).length;
          assert.ok(alive <= 3, `${alive} connections`);
        }
        for (let turns = 0; open > 0 || held.length > 0; turns++) {
          assert.ok(turns < 1000, "somebody waits for ever");
          await settle();
          for (const lease of held.splice(0)) lease.release(IDLE);
        }
        await pool.close();
        assert.deepEqual(pool.snapshot(), { connections: 0, resting: 0, waiting: 0 });
      }),
    );
  });
});
