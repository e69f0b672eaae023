import type { SequenceArrow, SequenceDiagram } from "../../../src/engine/protocol/index.ts";
import { shortened, textWidth } from "./text-width.ts";

/** Pixels. */
export const TOP = 20;
const BOTTOM = 28;
/** For the times, at the left. */
const TIMES = 84;
/** Beside the outer life lines, for what ties a segment to its being sent again. */
const LINKS = 36;
const LABEL_HEIGHT = 17;
const PHASE_HEIGHT = 26;
/** Between two arrow heads at one end. */
const HEAD_GAP = 5;
const TICK_GAP = 15;
/** What a typical flight is high; and a longer silence than this is cut short, and marked. */
const FLIGHT = 40;
const LONGEST = 60;
/** How far an arrow goes that does not arrive, and one that is still on its way. */
const LOST_AT = 0.6;
const FLYING_AT = 0.85;

export type Fate = "arrived" | "lost" | "flying";

export interface PlacedArrow {
  readonly arrow: SequenceArrow;
  readonly fate: Fate;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly label: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly text: string;
    readonly anchor: "start" | "end";
  };
}

/** From the first sending to the next, beside the life line. */
export interface Link {
  readonly x: number;
  readonly y1: number;
  readonly y2: number;
  /** Pixels away from the life line; negative to the left. */
  readonly out: number;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly ends: readonly { readonly x: number; readonly name: string; readonly address: string }[];
  readonly arrows: readonly PlacedArrow[];
  readonly links: readonly Link[];
  readonly phases: readonly { readonly y: number; readonly phase: SequenceArrow["phase"] }[];
  readonly ticks: readonly { readonly y: number; readonly at: number }[];
  /** Where time was cut short, and by how much. */
  readonly breaks: readonly { readonly y: number; readonly span: number }[];
}

/** An arrow leaves or arrives. */
interface Point {
  readonly at: number;
  readonly index: number;
  readonly leaves: boolean;
}

/** @param lostText what is said beside the label of an arrow that was lost */
export function layOut(diagram: SequenceDiagram, width: number, lostText: (reason: string) => string): Placed {
  const arrows = [...diagram.arrows].sort((a, b) => a.left - b.left || a.number - b.number);
  const xs = endPositions(diagram.ends.length, width);
  const labels = arrows.map((arrow) => labelOf(arrow, xs, lostText));
  const down = new Descent(arrows, labels);
  for (const point of pointsOf(arrows)) down.pass(point);
  const placed = arrows.map((arrow, index) => place(arrow, index, xs, down, labels[index] as LabelBox));
  const bottom = placed.reduce((most, { y1, y2 }) => Math.max(most, y1, y2), TOP);
  return {
    width,
    height: bottom + BOTTOM,
    ends: diagram.ends.map((end, index) => ({
      x: xs[index] ?? 0,
      name: end.name,
      address: end.port > 0 ? `${end.address}:${end.port}` : end.address,
    })),
    arrows: placed,
    links: linksOf(placed, xs),
    phases: down.phases,
    ticks: down.ticks,
    breaks: down.breaks,
  };
}

function endPositions(count: number, width: number): number[] {
  const first = TIMES + LINKS;
  const last = Math.max(first + 120, width - LINKS);
  return Array.from({ length: count }, (_, n) => (count < 2 ? first : first + ((last - first) * n) / (count - 1)));
}

interface LabelBox {
  readonly left: number;
  readonly right: number;
  readonly x: number;
  readonly text: string;
  readonly anchor: "start" | "end";
}

function labelOf(arrow: SequenceArrow, xs: readonly number[], lostText: (reason: string) => string): LabelBox {
  const [from, to] = [xs[arrow.from] ?? 0, xs[arrow.to] ?? 0];
  const again = arrow.again === undefined ? "" : "↻ ";
  const lost = arrow.lost === undefined ? "" : ` ✕ ${lostText(arrow.lost)}`;
  const text = shortened(`${again}${arrow.label}${lost}`, Math.max(40, Math.abs(to - from) - 16));
  const width = textWidth(text);
  if (to >= from) return { left: from + 8, right: from + 8 + width, x: from + 8, text, anchor: "start" };
  return { left: from - 8 - width, right: from - 8, x: from - 8, text, anchor: "end" };
}

/** In order of time; at one time an arrow that was sent earlier arrives before a later one leaves. */
function pointsOf(arrows: readonly SequenceArrow[]): Point[] {
  const points: Point[] = [];
  arrows.forEach((arrow, index) => {
    points.push({ at: arrow.left, index, leaves: true });
    if (arrow.arrived !== undefined && arrow.lost === undefined)
      points.push({ at: arrow.arrived, index, leaves: false });
  });
  return points.sort((a, b) => a.at - b.at || a.index - b.index || Number(b.leaves) - Number(a.leaves));
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/**
 * Goes down through time. Order is always kept and short spans are to scale, so that arrows slant as they were slow; a long silence
 * is cut short, and where labels would overlap time is stretched.
 */
class Descent {
  readonly left: number[] = [];
  readonly arrived: number[] = [];
  readonly phases: { y: number; phase: SequenceArrow["phase"] }[] = [];
  readonly ticks: { y: number; at: number }[] = [];
  readonly breaks: { y: number; span: number }[] = [];
  readonly #arrows: readonly SequenceArrow[];
  readonly #labels: readonly LabelBox[];
  readonly #scale: number;
  readonly #heads = new Map<number, number>();
  #recent: { box: LabelBox; y: number }[] = [];
  #y = TOP;
  #at: number | undefined;
  #phase: SequenceArrow["phase"] | undefined;

  constructor(arrows: readonly SequenceArrow[], labels: readonly LabelBox[]) {
    this.#arrows = arrows;
    this.#labels = labels;
    const flights = arrows.flatMap(({ left, arrived, lost }) =>
      arrived === undefined || lost !== undefined ? [] : [arrived - left],
    );
    const typical = median(flights.filter((flight) => flight > 0));
    this.#scale = typical > 0 ? FLIGHT / typical : 0;
  }

  pass(point: Point): void {
    this.#advance(point.at);
    const arrow = this.#arrows[point.index] as SequenceArrow;
    if (point.leaves) this.#leave(point, arrow);
    else this.#arrive(point, arrow);
  }

  #advance(at: number): void {
    const span = at - (this.#at ?? at);
    this.#at = at;
    if (span <= 0) return;
    const height = span * this.#scale;
    if (height > LONGEST) this.breaks.push({ y: this.#y + LONGEST / 2, span });
    this.#y += Math.max(2, Math.min(LONGEST, height));
  }

  #leave(point: Point, arrow: SequenceArrow): void {
    if (arrow.phase !== this.#phase) {
      this.#phase = arrow.phase;
      this.phases.push({ y: this.#y + PHASE_HEIGHT - 10, phase: arrow.phase });
      this.#y += PHASE_HEIGHT + LABEL_HEIGHT;
    }
    // What an end answers leaves below what came to it, else its label would lie on the other's arrow.
    const came = this.#heads.get(arrow.from);
    if (came !== undefined) this.#y = Math.max(this.#y, came + LABEL_HEIGHT);
    const box = this.#labels[point.index] as LabelBox;
    this.#recent = this.#recent.filter(({ y }) => y + LABEL_HEIGHT > this.#y);
    for (const other of this.#recent) {
      const beside = other.box.right < box.left || box.right < other.box.left;
      if (!beside) this.#y = Math.max(this.#y, other.y + LABEL_HEIGHT);
    }
    this.#recent.push({ box, y: this.#y });
    this.left[point.index] = this.#y;
    if (this.#y - (this.ticks.at(-1)?.y ?? Number.NEGATIVE_INFINITY) >= TICK_GAP)
      this.ticks.push({ y: this.#y, at: point.at });
  }

  #arrive(point: Point, arrow: SequenceArrow): void {
    const free = (this.#heads.get(arrow.to) ?? Number.NEGATIVE_INFINITY) + HEAD_GAP;
    this.#y = Math.max(this.#y, free);
    this.#heads.set(arrow.to, this.#y);
    this.arrived[point.index] = this.#y;
  }
}

function place(arrow: SequenceArrow, index: number, xs: readonly number[], down: Descent, box: LabelBox): PlacedArrow {
  const fate: Fate = arrow.lost !== undefined ? "lost" : arrow.arrived === undefined ? "flying" : "arrived";
  const [x1, whole, y1] = [xs[arrow.from] ?? 0, xs[arrow.to] ?? 0, down.left[index] ?? TOP];
  const share = fate === "lost" ? LOST_AT : fate === "flying" ? FLYING_AT : 1;
  return {
    arrow,
    fate,
    x1,
    y1,
    x2: x1 + (whole - x1) * share,
    y2: fate === "arrived" ? (down.arrived[index] ?? y1) : y1 + FLIGHT * share,
    label: { x: box.x, y: y1 - 5, width: box.right - box.left, text: box.text, anchor: box.anchor },
  };
}

/** Each further sending is tied to the first; ties that would lie on each other stand beside each other, as far as there is room. */
function linksOf(arrows: readonly PlacedArrow[], xs: readonly number[]): Link[] {
  const first = new Map(arrows.map((placed) => [placed.arrow.event, placed]));
  const lanes: { x: number; lane: number; until: number }[] = [];
  return arrows.flatMap((placed) => {
    const original = placed.arrow.again === undefined ? undefined : first.get(placed.arrow.again);
    if (original === undefined || original === placed) return [];
    const taken = lanes.filter(({ x, until }) => x === placed.x1 && until >= original.y1).map(({ lane }) => lane);
    const lane = [0, 1, 2].find((free) => !taken.includes(free)) ?? 2;
    lanes.push({ x: placed.x1, lane, until: placed.y1 });
    const side = placed.x1 === xs[0] ? -1 : 1;
    return [{ x: placed.x1, y1: original.y1, y2: placed.y1, out: side * (10 + lane * 8) }];
  });
}
