import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { size } from "../../../../test/size.ts";
import { HIGH_WATER_MARK, OsConnection } from "./connection.ts";

/** As much of Node's socket as a connection touches, which takes at once what it is told to and keeps the rest. */
class FakeSocket extends EventEmitter {
  readonly connecting = false;
  readonly localAddress = "127.0.0.1";
  readonly remoteAddress = "127.0.0.1";
  readonly writableHighWaterMark = HIGH_WATER_MARK;
  readonly kept: Uint8Array[] = [];
  readonly sent: number[] = [];
  writableLength = 0;
  paused = false;
  /** Whether the system takes what is written at once. */
  takes = true;

  write(bytes: Uint8Array): boolean {
    if (this.takes && this.kept.length === 0) this.sent.push(...bytes);
    else {
      this.kept.push(bytes); // as Node does: not a copy
      this.writableLength += bytes.length;
    }
    return this.writableLength < HIGH_WATER_MARK;
  }

  /** The system takes what was kept. */
  drain(): void {
    for (const bytes of this.kept.splice(0)) this.sent.push(...bytes);
    this.writableLength = 0;
    this.emit("drain");
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}

const make = (): { socket: FakeSocket; connection: OsConnection } => {
  const socket = new FakeSocket();
  return { socket, connection: new OsConnection(socket as unknown as Socket) };
};

test("what was written stays as it was, however long Node keeps it, and whoever writes besides", () => {
  const write = fc.record({
    length: fc.constantFrom(1, 7, 2_048, 2_049, 30_000),
    which: fc.nat({ max: 1 }),
    takes: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
      const both = [make(), make()];
      const expected: number[][] = [[], []];
      const from = new Uint8Array(30_000);
      for (const [index, { length, which, takes }] of writes.entries()) {
        const { socket, connection } = both[which] as (typeof both)[number];
        socket.takes = takes;
        from.fill(index);
        const count = connection.write(from.subarray(0, length));
        if (count === "EAGAIN") socket.drain();
        else for (let i = 0; i < Number(count); i++) expected[which]?.push(index);
      }
      for (const [which, { socket }] of both.entries()) {
        socket.drain();
        assert.deepEqual(socket.sent, expected[which]);
      }
    }),
    { numRuns: size(100, 2_000) },
  );
});

test("what arrived is read in pieces of any size, in order; it is paused while too much waits", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: -50_000, max: -1 }))),
      (steps) => {
        const { socket, connection } = make();
        let arrived = 0;
        let read = 0;
        for (const step of steps) {
          if (step > 0 && !socket.paused) {
            socket.emit("data", Buffer.from(Uint8Array.from({ length: step }, (_, i) => arrived + i)));
            arrived += step;
          } else if (step < 0) {
            const into = new Uint8Array(-step);
            const count = connection.read(into);
            assert.equal(count, arrived === read ? "EAGAIN" : Math.min(-step, arrived - read));
            for (let i = 0; i < Number(count); i++) assert.equal(into[i], (read + i) & 0xff);
            if (typeof count === "number") read += count;
          }
          assert.equal(socket.paused, arrived - read >= HIGH_WATER_MARK);
          assert.equal(connection.readable, arrived > read);
        }
        socket.emit("end");
        const rest = new Uint8Array(arrived - read + 1);
        if (arrived > read) assert.equal(connection.read(rest), arrived - read);
        assert.equal(connection.read(rest), 0);
      },
    ),
    { numRuns: size(100, 2_000) },
  );
});

test("a write that took less than all is one after which there is no room, so that an edge follows", () => {
  const { socket, connection } = make();
  assert.equal(connection.write(new Uint8Array(3 * HIGH_WATER_MARK)), 3 * HIGH_WATER_MARK);
  socket.takes = false;
  let edges = 0;
  connection.onReady = () => edges++;
  assert.equal(connection.write(new Uint8Array(3 * HIGH_WATER_MARK)), HIGH_WATER_MARK);
  assert.equal(connection.writable, false);
  assert.equal(connection.write(new Uint8Array(1)), "EAGAIN");
  socket.drain();
  assert.equal(edges, 1);
});
