import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  atEnd,
  centre,
  drawn,
  elementHeight,
  emptyScroll,
  MAX_HEIGHT,
  offsetOf,
  resized,
  reveal,
  type ScrollState,
  scrolled,
  scrollTo,
  settled,
} from "./scroll.ts";

const list = (rows: number, viewport = 480): ScrollState => resized(emptyScroll(24), rows, viewport);
const MILLION = 1_000_000;

test("a short list is scrolled pixel by pixel", () => {
  const s = scrolled(list(1000), 240);
  assert.equal(s.top, 240);
  assert.equal(offsetOf(s, 10), 240);
  assert.deepEqual(drawn(s), { first: 2, end: 38 });
});

test("a million rows fit in an element that every browser makes", () => {
  assert.equal(elementHeight(list(MILLION)), MAX_HEIGHT);
});

test("dragging the bar to the end shows the last row, to the middle the middle one", () => {
  const s = list(MILLION);
  assert.equal(drawn(scrolled(s, MAX_HEIGHT - 480)).end, MILLION);
  assert.ok(atEnd(scrolled(s, MAX_HEIGHT - 480)));
  const middle = drawn(scrolled(s, MAX_HEIGHT / 2 - 240));
  assert.ok(middle.first < MILLION / 2 && MILLION / 2 < middle.end);
});

test("a turn of the wheel moves a million rows by as many pixels as a hundred", () => {
  const s = scrollTo(list(MILLION), 12_000_000);
  assert.equal(scrolled(s, s.scrollTop + 100).top, 12_000_100);
  assert.equal(scrolled(s, s.scrollTop - 53).top, 11_999_947);
});

test("when the wheel rests the bar goes to its share and the rows stay", () => {
  let s = scrollTo(list(MILLION), 12_000_000);
  for (let turn = 0; turn < 100; turn++) s = scrolled(s, s.scrollTop + 100);
  const rested = settled(s);
  assert.equal(rested.top, s.top);
  assert.notEqual(rested.scrollTop, s.scrollTop);
});

test("the wheel reaches both ends of a million rows", () => {
  let s = scrollTo(list(MILLION), 1000);
  for (let turn = 0; turn < 20; turn++) s = settled(scrolled(s, Math.max(0, s.scrollTop - 100)));
  assert.equal(s.top, 0);
  s = scrollTo(s, MILLION * 24 - 2000);
  for (let turn = 0; turn < 40; turn++) s = settled(scrolled(s, Math.min(MAX_HEIGHT - 480, s.scrollTop + 100)));
  assert.ok(atEnd(s));
});

test("what grows keeps what is seen", () => {
  const s = scrollTo(list(500), 2400);
  assert.equal(resized(s, MILLION, 480).top, 2400);
  assert.equal(resized(s, 40, 480).top, 40 * 24 - 480);
});

test("a row that is asked for is seen, and drawn where it is seen", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_000_000 }),
      fc.integer({ min: 24, max: 2000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, viewport, from, to) => {
        const row = Math.min(rows - 1, Math.floor(to * rows));
        const start = scrollTo(list(rows, viewport), from * rows * 24);
        for (const s of [reveal(start, row), centre(start, row)]) {
          const { first, end } = drawn(s);
          assert.ok(first <= row && row < end);
          const y = offsetOf(s, row) - s.scrollTop;
          assert.ok(y >= -1e-6 && y + 24 <= viewport + 1e-6, `row ${row} at ${y} of ${viewport}`);
        }
      },
    ),
  );
});
