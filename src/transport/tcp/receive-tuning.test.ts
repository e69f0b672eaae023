import assert from "node:assert/strict";
import { test } from "node:test";
import { Dialogue, pair, readAll } from "../../../test/fixtures/tcp.ts";
import { milliseconds } from "../../time/instant.ts";
import type { Connection } from "./connection.ts";
import type { TcpSettings } from "./settings.ts";

const WINDOW_SCALE = { scale: 7, window: 60_000 };

/** The peer sends segments of 1000 bytes, two a round trip of 10 ms. @returns the sequence number after them */
function send(host: Dialogue, from: number, count: number, read?: Connection): number {
  for (let index = 0; index < count; index++) {
    if (index % 2 === 0) host.wait(milliseconds(10));
    host.peer({ flags: ".", seq: from + index * 1000, ack: 1, data: "x".repeat(1000) });
    if (read !== undefined) readAll(read);
  }
  return from + count * 1000;
}

/** How many virtual seconds 10 MB take between hosts 100 ms apart, the reader taking all at once. */
function transferSeconds(settings: Partial<TcpSettings>): number {
  const delay = milliseconds(50);
  const { scheduler, client, server, serverAddress } = pair({ delay }, 1, { sendBuffer: 8_000_000, ...settings });
  const binding = server.bind(serverAddress, 80, false);
  assert.ok(typeof binding !== "string");
  const listener = server.listen(binding, 1);
  assert.ok(typeof listener !== "string");
  const connection = client.connect(undefined, serverAddress, 80);
  assert.ok(typeof connection !== "string");
  let left = 10_000_000;
  const write = (): void => {
    while (left > 0) {
      const count = connection.write(new Uint8Array(Math.min(left, 100_000)));
      if (typeof count === "string") return;
      left -= count;
    }
  };
  connection.onReady = write;
  let missing = left;
  const into = new Uint8Array(1 << 20);
  listener.onReady = () => {
    const accepted = listener.accept() as Connection;
    accepted.onReady = () => {
      for (;;) {
        const count = accepted.read(into);
        if (typeof count === "string") return;
        missing -= count;
        if (missing === 0) accepted.tcp.scheduler.wake();
      }
    };
  };
  while (missing > 0) scheduler.step();
  return scheduler.now / 1e9;
}

test("the window grows ahead of a sender as far as its path and reader take it", () => {
  assert.ok(transferSeconds({ receiveBuffer: 65_536 }) > 14, "64 KiB each 100 ms");
  assert.ok(transferSeconds({}) < 2);
});

test("there is room for several segments, however long they are", () => {
  const host = new Dialogue();
  const connection = host.established({ ...WINDOW_SCALE, segmentSize: 60_000 });
  host.peer({ flags: ".", seq: 1, ack: 1, data: "x".repeat(30_000) });
  assert.equal(connection.receiveLimit, 16 * 30_000);
});

test("on a path without any delay a larger window would only cost memory", () => {
  const host = new Dialogue();
  const connection = host.established(WINDOW_SCALE);
  for (let seq = 1; seq < 500_000; seq += 1000) {
    host.peer({ flags: ".", seq, ack: 1, data: "x".repeat(1000) });
    readAll(connection);
  }
  assert.equal(connection.receiveLimit, 65_536);
});

test("the window does not grow beyond the maximum", () => {
  assert.ok(transferSeconds({ maximumReceiveBuffer: 131_072 }) > 7);
});

test("no more is offered while nobody reads, and the window is then that of the beginning", () => {
  const host = new Dialogue();
  const connection = host.established(WINDOW_SCALE);
  const end = send(host, 1, 60);
  assert.equal(connection.receiveLimit, 65_536);
  assert.deepEqual(
    host.take().filter(({ ack = 0, window = 0 }) => ack + window * 128 > end + 65_536),
    [],
  );
});

test("a slow sender is offered no more than at first", () => {
  const host = new Dialogue({ timestamps: true });
  const connection = host.established({ ...WINDOW_SCALE, timestamp: [1, 0] });
  for (let seq = 1; seq < 200_000; seq += 1000) {
    host.wait(milliseconds(10)); // two segments a round trip
    const timestamp: [number, number] = [1, connection.timestampAt(connection.now) - 20];
    host.peer({ flags: ".", seq, ack: 1, data: "x".repeat(1000), timestamp });
    readAll(connection);
  }
  assert.equal(connection.receiveTuning?.roundTrip, milliseconds(20));
  assert.equal(connection.receiveLimit, 65_536);
});

test("without timestamps a round trip is the time of a window", () => {
  const host = new Dialogue({ initialReceiveBuffer: 10_000 });
  const connection = host.established(WINDOW_SCALE);
  send(host, 1, 40, connection);
  const { roundTrip = 0 } = connection.receiveTuning ?? {};
  assert.ok(roundTrip > milliseconds(30) && roundTrip <= milliseconds(60), `${roundTrip / 1e6} ms for 10,000 bytes`);
});

test("a size that is given stays (SO_RCVBUF), and idle or short connections measure nothing", () => {
  const host = new Dialogue();
  const connection = host.established(WINDOW_SCALE);
  connection.set({ receiveBuffer: 20_000 });
  let next = send(host, 1, 2, connection);
  assert.equal(connection.receiveTuning, undefined);
  next = send(host, next, 300, connection);
  assert.equal(connection.receiveLimit, 20_000);
  // Nor does a smaller one take back what was offered (RFC 9293 §3.8.6.2.1, SHLD-14).
  host.take();
  connection.set({ receiveBuffer: 4_000 });
  const edge = connection.rcvAdv;
  send(host, next, 2);
  assert.ok(((connection.rcvAdv - edge) | 0) >= 0);
});
