import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { EVER_RESENT, LOST, RESENT, SACKED, SentSegments } from "./sent-segments.ts";

test("bytes in flight are those sent, less what was reported or is lost, and what was sent again", () => {
  const sent = new SentSegments(100);
  for (let end = 200; end <= 600; end += 100) sent.push(end, end);
  assert.deepEqual([sent.outstanding, sent.inFlight], [500, 500]);
  sent.markSacked(3);
  sent.markLost(0);
  sent.markLost(1);
  assert.equal(sent.inFlight, 200);
  sent.resend(0, 1000);
  assert.equal(sent.inFlight, 300);
  assert.equal(sent.sentAt(0), 1000);
  sent.markLost(0);
  assert.ok(!sent.has(0, RESENT) && sent.has(0, EVER_RESENT), "lost once more");
  sent.acknowledge(250);
  assert.deepEqual([sent.outstanding, sent.lost, sent.start(0), sent.count], [350, 50, 250, 4]);
  sent.acknowledge(600);
  assert.deepEqual([sent.outstanding, sent.sacked, sent.lost, sent.resent, sent.count], [0, 0, 0, 0, 0]);
});

test("a cut segment is two with the same past", () => {
  const sent = new SentSegments(0);
  sent.push(1000, 5);
  sent.push(2000, 6);
  sent.markLost(0);
  sent.split(0, 400);
  assert.deepEqual([sent.count, sent.end(0), sent.end(1), sent.end(2)], [3, 400, 1000, 2000]);
  assert.ok(sent.has(0, LOST) && sent.has(1, LOST) && !sent.has(2, LOST));
  assert.deepEqual([sent.sentAt(1), sent.lost], [5, 1000]);
  assert.deepEqual([sent.find(0), sent.find(399), sent.find(400), sent.find(1999), sent.find(2000)], [0, 0, 1, 2, 3]);
});

test("the counts are those of the segments, whatever happens, across the wrap of numbers and rings", () => {
  const step = fc.record({ what: fc.nat(5), index: fc.nat(50), length: fc.integer({ min: 1, max: 1000 }) });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      (steps, start) => {
        const sent = new SentSegments(start);
        let next = start;
        for (const { what, index, length } of steps) {
          if (what <= 1 || sent.count === 0) {
            next = (next + length) | 0;
            sent.push(next, 0);
            continue;
          }
          const at = index % sent.count;
          if (what === 2 && !sent.has(at, SACKED)) sent.markLost(at);
          else if (what === 3) sent.markSacked(at);
          else if (what === 4 && sent.has(at, LOST)) sent.resend(at, 1);
          else if (what === 5) sent.acknowledge((sent.start(at) + (length % sent.length(at))) | 0);
        }
        const total = (flag: number) => {
          let bytes = 0;
          for (let at = 0; at < sent.count; at++) if (sent.has(at, flag)) bytes += sent.length(at);
          return bytes;
        };
        assert.deepEqual([sent.sacked, sent.lost, sent.resent], [total(SACKED), total(LOST), total(RESENT)]);
        assert.equal(sent.outstanding, (next - (sent.count > 0 ? sent.start(0) : next)) | 0);
      },
    ),
  );
});
