import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { type EngineWorker, PINGS_MISSED, workerTransport } from "./worker-transport.ts";

/** A Worker whose engine answers hello and says what it has heard. */
class TestWorker implements EngineWorker {
  onmessage: EngineWorker["onmessage"] = null;
  onerror: EngineWorker["onerror"] = null;
  onmessageerror: EngineWorker["onmessageerror"] = null;
  terminated = false;
  pings = 0;
  /** What its engine says to each who connects. */
  says: object = { type: "welcome" };
  readonly heard: unknown[] = [];
  readonly ports: MessagePort[] = [];

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (message === "ping") this.pings++;
    const port = transfer[0] as MessagePort | undefined;
    if (port === undefined) return;
    this.ports.push(port);
    port.onmessage = ({ data }) => void this.heard.push(data);
    port.postMessage(JSON.stringify(this.says));
  }
  terminate(): void {
    this.terminated = true;
  }
  fails(message?: string): void {
    this.onerror?.({ ...(message !== undefined && { message }), preventDefault: () => {} });
  }
}

describe("the way to an engine in a Worker", () => {
  let workers: TestWorker[];
  let ticks: (() => void)[];
  let heard: { type: string; problem?: { code: string } }[];
  let open: () => Promise<{ close(): void }>;
  let ways: { close(): void }[];

  beforeEach(() => {
    workers = [];
    ticks = [];
    heard = [];
    ways = [];
    const transport = workerTransport({
      start: () => {
        const worker = new TestWorker();
        workers.push(worker);
        return worker;
      },
      every: (_milliseconds, call) => {
        ticks.push(call);
        return () => void ticks.splice(ticks.indexOf(call), 1);
      },
    });
    open = () => {
      const way = transport({
        onOpen: () => {},
        onMessage: (message) => void heard.push(message as (typeof heard)[number]),
        onClose: () => {},
      });
      ways.push(way);
      return settled().then(() => way);
    };
  });

  // A port that is open keeps its process.
  afterEach(() => {
    for (const way of ways) way.close();
    for (const { ports } of workers) for (const port of ports) port.close();
  });

  /** Messages of ports have come. */
  const settled = async (): Promise<void> => {
    for (let turns = 0; turns < 4; turns++) await new Promise((resolve) => setImmediate(resolve));
  };
  const last = (): TestWorker => workers.at(-1) as TestWorker;

  test("one Worker serves whoever connects, and is told what was read", async () => {
    const first = await open();
    first.close();
    const second = await open();
    await settled();
    assert.equal(workers.length, 1);
    assert.deepEqual(
      heard.map(({ type }) => type),
      ["welcome", "welcome"],
    );
    assert.ok(last().heard.includes(JSON.stringify(last().says).length));
    second.close();
  });

  test("a Worker that fails, or cannot be loaded, has ended, and the next who asks gets a new one", async () => {
    await open();
    last().fails("out of memory");
    assert.equal(heard.at(-1)?.problem?.code, "engine-crashed");
    assert.ok(last().terminated);
    await open();
    assert.equal(workers.length, 2);
    last().fails();
    assert.equal(heard.at(-1)?.problem?.code, "engine-not-loaded");
    assert.deepEqual(ticks, [], "nobody is asked any more whether it is alive");
  });

  test("a Worker that answers nothing for long hangs", async () => {
    await open();
    const [look] = ticks;
    for (let times = 0; times < PINGS_MISSED; times++) look?.();
    last().onmessage?.({ data: "pong" });
    for (let times = 0; times < PINGS_MISSED; times++) look?.();
    assert.equal(last().terminated, false);
    look?.();
    assert.equal(heard.at(-1)?.problem?.code, "engine-hangs");
    assert.ok(last().terminated);
  });

  test("an engine that could not begin is not asked again", async () => {
    const way = await open();
    way.close();
    last().says = { type: "ended", problem: { code: "no-network-file", text: "" } };
    await open();
    await settled();
    assert.equal(heard.at(-1)?.problem?.code, "no-network-file");
    assert.ok(last().terminated);
    await open();
    assert.equal(workers.length, 2);
  });
});
