import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Errno } from "../base/errno.ts";
import { Outbox } from "./outbox.ts";

/** A socket that takes only so much, until told more. */
class Slow {
  readonly taken: number[] = [];
  writes = 0;
  room: number;
  broken: Errno | undefined;

  constructor(room: number) {
    this.room = room;
  }

  write(from: Uint8Array): number | Errno {
    if (this.broken !== undefined) return this.broken;
    if (this.room === 0) return "EAGAIN";
    const count = Math.min(from.length, this.room);
    this.taken.push(...from.subarray(0, count));
    this.room -= count;
    this.writes++;
    return count;
  }
}

describe("what waits to be sent", () => {
  test("several lines go in one write", () => {
    const socket = new Slow(100);
    const outbox = new Outbox(socket, 100);
    for (const line of [[1, 2], [3], [4, 5, 6]]) assert.equal(outbox.push(Uint8Array.from(line)), true);
    assert.equal(outbox.flush(), undefined);
    assert.deepEqual(socket.taken, [1, 2, 3, 4, 5, 6]);
    assert.equal(socket.writes, 1);
  });

  test("over the limit nothing is taken, so that no line is sent in part", () => {
    const outbox = new Outbox(new Slow(0), 4);
    assert.equal(outbox.push(Uint8Array.of(1, 2, 3)), true);
    assert.equal(outbox.push(Uint8Array.of(4, 5)), false);
    assert.equal(outbox.bytes, 3);
    assert.equal(outbox.flush(), "EAGAIN");
  });

  test("a broken connection is told", () => {
    const socket = new Slow(10);
    socket.broken = "EPIPE";
    const outbox = new Outbox(socket, 10);
    outbox.push(Uint8Array.of(1));
    assert.equal(outbox.flush(), "EPIPE");
  });

  test("a socket that has taken a part is asked until it says that it is full, for before it tells of no room", () => {
    const socket = new Slow(10);
    const outbox = new Outbox({ write: (from) => socket.write(from.subarray(0, 3)) }, 100);
    outbox.push(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    assert.equal(outbox.flush(), undefined);
    assert.deepEqual(socket.taken, [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("however little the socket takes at a time, all comes in order", () => {
    const sizes = fc.array(fc.oneof(fc.nat(40), fc.constantFrom(16_384, 20_000)), { maxLength: 150 });
    const steps = fc.array(fc.oneof(fc.nat(50), fc.nat(40_000)), { maxLength: 20 });
    fc.assert(
      fc.property(sizes, steps, (lengths, rooms) => {
        const socket = new Slow(0);
        const outbox = new Outbox(socket, Number.MAX_SAFE_INTEGER);
        const all: number[] = [];
        lengths.forEach((length, i) => {
          const line = new Uint8Array(length).map((_, at) => i + at);
          outbox.push(line);
          all.push(...line);
          if (rooms[i] !== undefined) {
            socket.room = rooms[i];
            outbox.flush();
          }
          assert.equal(outbox.bytes + socket.taken.length, all.length);
        });
        socket.room = Number.MAX_SAFE_INTEGER;
        assert.equal(outbox.flush(), undefined);
        assert.ok(all.every((byte, at) => socket.taken[at] === byte) && all.length === socket.taken.length);
      }),
      { numRuns: 50 },
    );
  });
});
