import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SequenceArrow, SequenceDiagram } from "../../../src/engine/protocol/index.ts";
import { layOut, type Placed } from "./layout.ts";

const MS = 1_000_000;
let events = 0;
const arrow = (
  from: 0 | 1,
  left: number,
  arrived: number | undefined,
  rest: Partial<SequenceArrow> = {},
): SequenceArrow => ({
  event: ++events,
  number: events,
  from,
  to: 1 - from,
  left: left * MS,
  ...(arrived === undefined ? {} : { arrived: arrived * MS }),
  label: "ACK Seq=1 Ack=1 Win=64240",
  phase: "data",
  length: 0,
  ...rest,
});
const diagram = (arrows: readonly SequenceArrow[]): SequenceDiagram => ({
  title: "t",
  ends: [
    { name: "pc1", address: "10.0.0.1", port: 40000 },
    { name: "server", address: "10.0.0.2", port: 80 },
  ],
  arrows,
  truncated: false,
});
const lay = (arrows: readonly SequenceArrow[], width = 800): Placed =>
  layOut(diagram(arrows), width, (reason) => reason);

function assertNoOverlap(placed: Placed): void {
  const boxes = placed.arrows.map(({ label }) => ({
    left: label.anchor === "start" ? label.x : label.x - label.width,
    right: label.anchor === "start" ? label.x + label.width : label.x,
    y: label.y,
    text: label.text,
  }));
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const apart = a.right < b.left || b.right < a.left || Math.abs(a.y - b.y) >= 15;
      assert.ok(apart, `«${a.text}» at ${a.y} lies on «${b.text}» at ${b.y}`);
    }
  });
}

test("an arrow slants by as much as it took", () => {
  const { arrows } = lay([arrow(0, 0, 10), arrow(1, 10, 20), arrow(0, 20, 25)]);
  const [first, , third] = arrows.map(({ y1, y2 }) => y2 - y1);
  assert.equal(first, 40);
  assert.equal(third, 20);
  assert.ok((arrows[0]?.x1 ?? 0) < (arrows[0]?.x2 ?? 0) && (arrows[1]?.x1 ?? 0) > (arrows[1]?.x2 ?? 0));
});

test("what happens later stands lower", () => {
  const { arrows } = lay([arrow(0, 0, 10), arrow(1, 5, 15), arrow(0, 12, 22)]);
  const heights = [arrows[0]?.y1, arrows[1]?.y1, arrows[0]?.y2, arrows[2]?.y1, arrows[1]?.y2, arrows[2]?.y2];
  assert.deepEqual(
    heights,
    [...heights].sort((a, b) => (a ?? 0) - (b ?? 0)),
  );
});

test("a long silence is cut short and marked with its length", () => {
  const { breaks, height } = lay([arrow(0, 0, 10), arrow(0, 60_000, 60_010)]);
  assert.deepEqual(
    breaks.map(({ span }) => span),
    [59_990 * MS],
  );
  assert.ok(height < 400);
});

test("a burst at one instant is drawn without labels on each other", () => {
  const placed = lay(Array.from({ length: 10 }, () => arrow(0, 0, 10)));
  assertNoOverlap(placed);
  assert.equal(new Set(placed.arrows.map(({ y1 }) => y1)).size, 10);
});

test("what was lost ends on its way, and what was sent again is tied to it", () => {
  const lost = arrow(0, 0, undefined, { lost: "cable-loss" });
  const again = arrow(0, 200, 210, { again: lost.event });
  const { arrows, links } = lay([lost, arrow(0, 1, 11), again]);
  assert.equal(arrows[0]?.fate, "lost");
  assert.match(arrows[0]?.label.text ?? "", /✕ cable-loss$/);
  assert.match(arrows[2]?.label.text ?? "", /^↻/);
  assert.deepEqual([links[0]?.y1, links[0]?.y2], [arrows[0]?.y1, arrows[2]?.y1]);
});

test("what has not arrived yet is on its way", () => {
  assert.equal(lay([arrow(0, 0, undefined)]).arrows[0]?.fate, "flying");
});

test("each phase is told once, where it begins", () => {
  const { phases } = lay([
    arrow(0, 0, 10, { phase: "handshake" }),
    arrow(1, 10, 20, { phase: "handshake" }),
    arrow(0, 20, 30),
    arrow(0, 40, 50, { phase: "close" }),
  ]);
  assert.deepEqual(
    phases.map(({ phase }) => phase),
    ["handshake", "data", "close"],
  );
});

test("labels never overlap, whatever was sent when, on wide screens and narrow ones", () => {
  const sent = fc.record({
    from: fc.constantFrom<0 | 1>(0, 1),
    left: fc.integer({ min: 0, max: 60 }),
    took: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    label: fc.constantFrom(
      "SYN",
      "ACK Seq=1 Ack=1 Win=64240",
      "PSH, ACK Seq=4242 Ack=1 Len=1460 GET /a/long/path HTTP/1.1",
      "你好，世界",
    ),
    phase: fc.constantFrom<SequenceArrow["phase"]>("handshake", "data", "close", "other"),
    lost: fc.option(fc.constant("queue-full"), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 40 }), fc.constantFrom(360, 800, 1400), (all, width) => {
      const arrows = all.map(({ from, left, took, label, phase, lost }) =>
        arrow(from, left, took === undefined ? undefined : left + took, {
          label,
          phase,
          ...(lost === undefined ? {} : { lost }),
        }),
      );
      const placed = lay(arrows, width);
      assertNoOverlap(placed);
      for (const { y1, y2 } of placed.arrows) assert.ok(y2 >= y1 && y2 <= placed.height);
    }),
  );
});
