import type { SequenceArrow } from "../../../src/engine/protocol/index.ts";
import { secondsText, spanText } from "../list/time-text.ts";
import { type Placed, type PlacedArrow, TOP } from "./layout.ts";
import { shortened } from "./text-width.ts";

/** What a shape is: the page's style sheet and the exported file each say what it looks like. */
export type Look =
  | "life"
  | "handshake"
  | "data"
  | "close"
  | "other"
  | "lost"
  | "link"
  | "label"
  | "lost-label"
  | "tick"
  | "phase"
  | "rule"
  | "break"
  | "name"
  | "address";

/** What a diagram is drawn of, on the page and in a file alike. */
export type Shape =
  | { readonly kind: "line"; readonly look: Look; readonly d: string; readonly dashed?: true }
  /** Filled. */
  | { readonly kind: "head"; readonly look: Look; readonly d: string }
  | {
      readonly kind: "text";
      readonly look: Look;
      readonly x: number;
      readonly y: number;
      readonly anchor: "start" | "middle" | "end";
      readonly text: string;
    };

export type PhaseText = (phase: SequenceArrow["phase"]) => string;

/** Height of the names above. */
export const HEADER = 44;

const n = (value: number): string => String(Math.round(value * 10) / 10);

/** The names of the ends, which stay in sight. */
export function headerShapes(placed: Placed): Shape[] {
  const room = placed.ends.length < 2 ? placed.width : ((placed.ends[1]?.x ?? 0) - (placed.ends[0]?.x ?? 0)) * 0.92;
  return placed.ends.flatMap(({ x, name, address }, index) => {
    const outermost = index === 0 && x < room / 2 ? "start" : index === placed.ends.length - 1 ? "end" : "middle";
    const at = outermost === "start" ? x - 30 : outermost === "end" ? x + 30 : x;
    return [
      { kind: "text", look: "name", x: at, y: 17, anchor: outermost, text: shortened(name, room) } as const,
      { kind: "text", look: "address", x: at, y: 34, anchor: outermost, text: shortened(address, room) } as const,
    ];
  });
}

/** Life lines, times and phases between two heights. */
export function backShapes(placed: Placed, from: number, to: number, phaseText: PhaseText): Shape[] {
  const within = ({ y }: { y: number }): boolean => y >= from - 20 && y <= to + 20;
  const [top, bottom] = [Math.max(0, from), Math.min(placed.height, to)];
  const shapes: Shape[] = [];
  for (const { y, phase } of placed.phases.filter(within)) {
    shapes.push({ kind: "line", look: "rule", d: `M${n(8)} ${n(y + 6)}H${n(placed.width - 8)}` });
    shapes.push({ kind: "text", look: "phase", x: 8, y, anchor: "start", text: phaseText(phase) });
  }
  for (const { x } of placed.ends) shapes.push({ kind: "line", look: "life", d: `M${n(x)} ${n(top)}V${n(bottom)}` });
  for (const { y, at } of placed.ticks.filter(within)) {
    shapes.push({ kind: "text", look: "tick", x: 80, y: y + 4, anchor: "end", text: secondsText(at, 6) });
  }
  for (const { y, span } of placed.breaks.filter(within)) {
    for (const { x } of placed.ends) {
      shapes.push({ kind: "line", look: "break", d: `M${n(x - 6)} ${n(y + 3)}l12 -6M${n(x - 6)} ${n(y + 7)}l12 -6` });
    }
    shapes.push({ kind: "text", look: "break", x: 80, y: y + 4, anchor: "end", text: `⋮ ${spanText(span)}` });
  }
  return shapes;
}

/** What ties segments to their being sent again. */
export function linkShapes(placed: Placed, from: number, to: number): Shape[] {
  return placed.links
    .filter(({ y1, y2 }) => y2 >= from && y1 <= to)
    .flatMap(({ x, y1, y2, out }) => {
      const toward = Math.sign(out);
      const d = `M${n(x)} ${n(y1)}h${n(out)}V${n(y2)}H${n(x + toward * 5)}`;
      return [
        { kind: "line", look: "link", d, dashed: true } as const,
        { kind: "head", look: "link", d: headAt(x + toward, y2, x + out, y2, 6) } as const,
      ];
    });
}

/** An arrow, what marks its fate, and its label. */
export function arrowShapes(placed: PlacedArrow): Shape[] {
  const { x1, y1, x2, y2, fate, label, arrow } = placed;
  const look: Look = fate === "lost" ? "lost" : arrow.phase;
  const line = {
    kind: "line",
    look,
    d: `M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}`,
    ...(fate === "arrived" ? {} : { dashed: true as const }),
  } as const;
  const end: Shape =
    fate === "lost"
      ? { kind: "line", look, d: `M${n(x2 - 6)} ${n(y2 - 6)}l12 12M${n(x2 + 6)} ${n(y2 - 6)}l-12 12` }
      : { kind: "head", look, d: headAt(x2, y2, x1, y1, 9) };
  const text: Shape = {
    kind: "text",
    look: fate === "lost" ? "lost-label" : "label",
    x: label.x,
    y: label.y,
    anchor: label.anchor,
    text: label.text,
  };
  return [line, end, text];
}

/** The arrows that are seen between two heights. */
export function arrowsBetween(placed: Placed, from: number, to: number): readonly PlacedArrow[] {
  return placed.arrows.filter(({ y1, y2 }) => Math.max(y1, y2) >= from - TOP && y1 <= to + TOP);
}

/** A filled head at a point, of a line that comes from another. */
function headAt(x: number, y: number, fromX: number, fromY: number, size: number): string {
  const length = Math.hypot(x - fromX, y - fromY) || 1;
  const [ux, uy] = [(x - fromX) / length, (y - fromY) / length];
  const [bx, by] = [x - ux * size, y - uy * size];
  const half = size * 0.42;
  return `M${n(x)} ${n(y)}L${n(bx - uy * half)} ${n(by + ux * half)}L${n(bx + uy * half)} ${n(by - ux * half)}Z`;
}
