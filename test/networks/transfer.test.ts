/** One TCP connection between two hosts and a cable that does its worst: every byte arrives, and nothing is held up. */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ip } from "../../src/address/ip.ts";
import { Random } from "../../src/base/random.ts";
import { Host } from "../../src/device/host.ts";
import { Cable } from "../../src/link/cable.ts";
import type { CableConditions } from "../../src/link/conditions.ts";
import { Inputs } from "../../src/network/input-log.ts";
import { RunLoop } from "../../src/network/run.ts";
import { Works } from "../../src/network/work.ts";
import { PacketPool } from "../../src/packet/packet-pool.ts";
import { nodePlatform } from "../../src/platform/node/runtime.ts";
import { type Duration, type Instant, milliseconds, minutes, seconds } from "../../src/time/instant.ts";
import { Scheduler } from "../../src/time/scheduler.ts";
import { Timer } from "../../src/time/timer.ts";

const MEBIBYTE = 2 ** 20;
/** Looks of a 10 ms timer between two measurements of memory. */
const LOOKS_PER_MEASUREMENT = 50;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that are alive now, buffers included. */
function memory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A user's 10 ms timer beside a run: by how much it is late at worst, and what memory the run takes. */
class Watch {
  readonly #before = memory();
  readonly #began = performance.now();
  readonly #timer = setInterval(() => this.#look(), 10);
  #last = this.#began;
  #looks = 0;
  #worstDelay = 0;
  #heap = 0;

  /** Times in ms, but the wall time in s. */
  end(): { readonly wall: number; readonly worstDelay: number; readonly heap: number } {
    clearInterval(this.#timer);
    this.#measure();
    return { wall: (performance.now() - this.#began) / 1000, worstDelay: this.#worstDelay, heap: this.#heap };
  }

  #look(): void {
    const now = performance.now();
    this.#worstDelay = Math.max(this.#worstDelay, now - this.#last - 10);
    this.#last = now;
    if (++this.#looks % LOOKS_PER_MEASUREMENT !== 0) return;
    this.#measure();
    this.#last = performance.now();
  }

  #measure(): void {
    this.#heap = Math.max(this.#heap, memory() - this.#before);
  }
}

interface Transfer {
  readonly virtual: number;
  readonly wall: number;
  readonly worstDelay: number;
  readonly heap: number;
}

function join(conditions: Partial<CableConditions>) {
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const random = new Random(1);
  const hosts = ["10.0.0.1", "10.0.0.2"].map((address, index) => {
    const host = new Host({ name: `host${index}`, scheduler, pool, random });
    host.configure(host.addNic("eth0"), address, 24);
    return host;
  });
  const [client, server] = hosts as [Host, Host];
  const [a, b] = hosts.map((host) => host.nics.find(({ name }) => name === "eth0"));
  assert.ok(a && b);
  const cable = new Cable(a, b, { scheduler, pool, random, ...conditions });
  return { scheduler, pool, client, server, cable };
}

async function transfer(
  bytes: number,
  conditions: Partial<CableConditions>,
  prepare?: (net: ReturnType<typeof join>) => void,
) {
  const net = join(conditions);
  prepare?.(net);
  const binding = net.server.tcp.bind(ip("10.0.0.2"), 80, false);
  assert.ok(typeof binding !== "string");
  const listener = net.server.tcp.listen(binding, 5);
  assert.ok(typeof listener !== "string");
  const expected = new Random(1, "stream");
  const stream = new Random(1, "stream");
  const into = new Uint8Array(65_536);
  let received = 0;
  let ended = Number.NaN;
  const inputs = new Inputs(net.scheduler);
  const works = new Works(net.scheduler, inputs);
  const loop = new RunLoop({ scheduler: net.scheduler, inputs, works, platform: nodePlatform });
  listener.onReady = () => {
    const connection = listener.accept();
    assert.ok(connection);
    connection.onReady = () => {
      for (;;) {
        const count = connection.read(into);
        if (count === "EAGAIN") return;
        assert.ok(typeof count === "number", `the reader was told ${count}`);
        if (count === 0) {
          ended = net.scheduler.now;
          connection.close();
          loop.stop();
          return;
        }
        const wanted = expected.fill(new Uint8Array(count));
        assert.equal(Buffer.compare(into.subarray(0, count), wanted), 0, `bytes ${received} to ${received + count}`);
        received += count;
      }
    };
  };
  const client = net.client.tcp.connect(undefined, ip("10.0.0.2"), 80);
  assert.ok(typeof client !== "string");
  let left = bytes;
  let piece: Uint8Array = new Uint8Array(0);
  client.onReady = () => {
    while (client.established && left + piece.length > 0) {
      if (piece.length === 0) {
        piece = stream.fill(new Uint8Array(Math.min(left, 16_384)));
        left -= piece.length;
      }
      const count = client.write(piece);
      if (count === "EAGAIN") return;
      assert.ok(typeof count === "number", `the writer was told ${count}`);
      piece = piece.subarray(count);
    }
    if (client.established && !client.finQueued) client.shutdownWrite();
  };
  const watch = new Watch();
  assert.equal(await loop.run(), "stopped", "something is always about to happen");
  const { worstDelay, heap, wall } = watch.end();
  assert.equal(received, bytes);
  assert.ok(heap <= 64 * MEBIBYTE, `memory grew by ${Math.round(heap / MEBIBYTE)} MiB`);
  return { virtual: ended / 1e9, wall, worstDelay, heap };
}

function tell(t: TestContext, bytes: number, { virtual, wall, worstDelay, heap }: Transfer): void {
  t.diagnostic(
    `${bytes / MEBIBYTE} MiB in ${virtual.toFixed(1)} s of virtual and ${wall.toFixed(1)} s of wall time; ` +
      `a 10 ms timer at most ${Math.round(worstDelay)} ms late; memory at most ${Math.round(heap / MEBIBYTE)} MiB more`,
  );
}

const delay = milliseconds(10);
const rate = 100e6;
const FAULTS: Record<string, Partial<CableConditions>> = {
  "10 % loss": { loss: 0.1 },
  "20 % reordering": { reordering: 0.2, reorderDelay: milliseconds(3) },
  "10 % duplication": { duplication: 0.1 },
  "5 % corruption": { corruption: 0.05 },
  "5 % corruption that the FCS does not show": { corruption: 0.05, pastFcs: true },
};

for (const [name, faults] of Object.entries(FAULTS)) {
  test(`a transfer survives ${name}`, async (t) => {
    const bytes = 64 * MEBIBYTE;
    tell(t, bytes, await transfer(bytes, { delay, rate, ...faults }));
  });
}

/** Cuts the cable without a sign, at 1 s for a minute. */
/** Once the connection stands, though its SYN may be lost: an attempt ends when its neighbour is not found. */
function cutForAMinute({ scheduler, cable }: ReturnType<typeof join>): void {
  scheduler.arm(new Timer("cut", () => cable.cut("both")), seconds(4) as number as Instant);
  scheduler.arm(new Timer("heal", () => cable.heal("both")), (seconds(4) + minutes(1)) as Instant);
}

test("a transfer survives a cut of a minute", async (t) => {
  const bytes = 64 * MEBIBYTE;
  const done = await transfer(bytes, { delay, rate }, cutForAMinute);
  tell(t, bytes, done);
  assert.ok(done.virtual > 61 && done.virtual < 130, "it goes on soon after the cable is whole");
});

test("a transfer survives all of these at once", async (t) => {
  const bytes = 64 * MEBIBYTE;
  const all = Object.assign({}, ...Object.values(FAULTS), { pastFcs: false });
  tell(t, bytes, await transfer(bytes, { delay, rate, ...all }, cutForAMinute));
});

test("a clean cable of 100 Mbit/s and 10 ms is filled to at least 95 % of what headers leave", async (t) => {
  const bytes = 64 * MEBIBYTE;
  const done = await transfer(bytes, { delay, rate });
  tell(t, bytes, done);
  // 1,448 bytes of data in a frame that takes 1,538 bytes of the line's time (preamble, FCS and gap included).
  const best = (rate * 1448) / 1538;
  const goodput = (bytes * 8) / done.virtual;
  t.diagnostic(
    `goodput ${(goodput / 1e6).toFixed(1)} of ${(best / 1e6).toFixed(1)} Mbit/s: ${((goodput / best) * 100).toFixed(1)} %`,
  );
  assert.ok(goodput >= 0.95 * best);
});

test("a port nobody listens on, a host that is not there and a network without a route each say so", () => {
  const { scheduler, client } = join({ delay: 0 as Duration });
  const outcome = (address: string, port: number) => {
    const connection = client.tcp.connect(undefined, ip(address), port);
    if (typeof connection === "string") return connection;
    while (connection.state !== "CLOSED" && scheduler.step());
    return connection.takeError();
  };
  assert.equal(outcome("10.0.0.2", 81), "ECONNREFUSED");
  assert.equal(outcome("10.0.0.77", 80), "EHOSTUNREACH");
  assert.equal(outcome("192.0.2.1", 80), "ENETUNREACH");
});
