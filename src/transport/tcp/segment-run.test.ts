import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Dialogue, readAll, type SegmentWords } from "../../../test/fixtures/tcp.ts";
import { RUN_SEGMENTS_LIMIT } from "./segment-run.ts";

/** Segments that arrive in one batch. */
function together(host: Dialogue, ...segments: SegmentWords[]): void {
  const { nic } = host.internet;
  nic.onBatchEnd = () => host.tcp.batchEnded();
  nic.inBatch = true;
  for (const segment of segments) host.peer(segment);
  nic.endBatch();
}

const data = (seq: number, length = 1000): SegmentWords => ({ flags: ".", seq, ack: 1, data: "x".repeat(length) });
const inRow = (count: number): SegmentWords[] => Array.from({ length: count }, (_, index) => data(1 + index * 1000));

test("segments that arrive together have one acknowledgment, and wake their reader once", () => {
  const host = new Dialogue();
  const connection = host.established();
  let woken = 0;
  connection.onReady = () => woken++;
  together(host, ...inRow(5));
  host.expect({ flags: ".", ack: 5001 });
  assert.equal(woken, 1);
  assert.equal(readAll(connection).length, 5000);
});

test("apart, the same segments are acknowledged every second one (RFC 9293 §3.8.6.3, SHLD-19)", () => {
  const host = new Dialogue();
  host.established();
  for (const segment of inRow(5)) host.peer(segment);
  host.expect({ flags: ".", ack: 2001 }, { flags: ".", ack: 4001 });
});

test("a single segment of a batch waits for company, as ever", () => {
  const host = new Dialogue();
  host.established();
  together(host, data(1));
  host.expect();
});

test("a run ends after as many segments as a large one could have", () => {
  const host = new Dialogue();
  host.established();
  together(host, ...inRow(RUN_SEGMENTS_LIMIT + 2));
  host.expect(
    { flags: ".", ack: RUN_SEGMENTS_LIMIT * 1000 + 1 },
    { flags: ".", ack: (RUN_SEGMENTS_LIMIT + 2) * 1000 + 1 },
  );
});

test("a segment that pushes ends its run", () => {
  const host = new Dialogue();
  host.established();
  together(host, data(1), { ...data(1001), flags: "P." }, data(2001), data(3001));
  host.expect({ flags: ".", ack: 2001 }, { flags: ".", ack: 4001 });
});

test("what comes again, or beyond a gap, ends the run: its acknowledgment counts as a duplicate (RFC 5681 §4.2)", () => {
  const host = new Dialogue();
  host.established();
  together(host, data(1), data(1001), data(3001), data(5001), data(1), data(2001));
  assert.deepEqual(
    host.take().map(({ ack }) => ack),
    [2001, 2001, 2001, 2001, 4001],
  );
});

test("a run that the peer resets or closes is over", () => {
  const host = new Dialogue();
  const connection = host.established();
  together(host, data(1), data(1001), { flags: "R", seq: 2001 });
  host.expect({ flags: ".", ack: 2001 });
  assert.equal(connection.state, "CLOSED");
  assert.equal(readAll(connection).length, 2000);

  const other = new Dialogue();
  const closing = other.established();
  together(other, data(1), data(1001), { flags: "F.", seq: 2001, ack: 1 });
  other.expect({ flags: ".", ack: 2001 }, { flags: ".", ack: 2002 });
  assert.equal(closing.state, "CLOSE-WAIT");
});

test("a window that the first of a run was too old to tell of is taken from the next (RFC 9293 §3.10.7.4)", () => {
  const host = new Dialogue();
  const connection = host.established();
  together(host, { flags: ".", seq: 701, ack: 1, window: 2000 }, data(1), data(1001));
  assert.equal(connection.sndWnd, 65_535);
});

test("a run that fills a gap takes no older window than the one beyond the gap (RFC 9293 §3.10.7.4)", () => {
  const host = new Dialogue();
  const connection = host.established();
  together(host, data(701), data(1, 300), data(301));
  assert.equal((connection.sndWl1 - host.peerIss) | 0, 701);
});

test("what a run's end sends comes of its last packet", () => {
  const host = new Dialogue();
  host.established();
  const causes: number[] = [];
  host.internet.sent = (packet) => {
    causes.push(packet.cause);
    packet.release();
  };
  const { nic } = host.internet;
  nic.onBatchEnd = () => host.tcp.batchEnded();
  nic.inBatch = true;
  for (const [cause, segment] of inRow(3).entries()) {
    host.pool.cause = 101 + cause;
    host.peer(segment);
  }
  host.pool.cause = 0;
  nic.endBatch();
  assert.deepEqual(causes, [103]);
  assert.equal(host.pool.cause, 0);
});

test("whatever arrives together leaves the connection as it would have left it apart", () => {
  const step = fc.record({
    from: fc.constantFrom(0, 0, 0, 0, 0, -500, 700), // beside what is next
    length: fc.constantFrom(1000, 1000, 1000, 0, 300),
    window: fc.constantFrom(65_535, 65_535, 65_535, 2000),
    // Older than any before, or never: TS.Recent lags behind fewer acknowledgments, as behind large segments (RFC 7323 §4.3).
    stamp: fc.constantFrom(0, 0, 0, 1, "old" as const),
    flags: fc.constantFrom(".", ".", ".", "P."),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const outcomes = [true, false].map((batched) => {
        const host = new Dialogue({ timestamps: true });
        const connection = host.established({ timestamp: [100, 0] });
        let next = 1;
        let stamp = 100;
        const segments = steps.map(({ from, length, window, stamp: change, flags }) => {
          const seq = Math.max(1, next + from);
          if (from === 0) next += length;
          if (change !== "old") stamp += change;
          const timestamp: [number, number] = [change === "old" ? 50 : stamp, 7];
          return { flags, seq, ack: 1, window, timestamp, data: "x".repeat(length) };
        });
        if (batched) together(host, ...segments);
        else for (const segment of segments) host.peer(segment);
        const { rcvNxt, sndWnd, sndWl1, sndWl2, sndUna, state } = connection;
        return {
          next: (rcvNxt - host.peerIss) | 0,
          data: readAll(connection),
          sndWnd,
          sndWl1,
          sndWl2,
          sndUna,
          state,
        };
      });
      assert.deepEqual(outcomes[0], outcomes[1]);
    }),
  );
});
