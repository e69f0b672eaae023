import { groupOf } from "./group.ts";
import { colourOf, type Palette, type Sprites } from "./sprites.ts";
import type { LineCrossing } from "./talk-lines.ts";
import { AFTERGLOW, caption, type Glow, LOSS_SHOWN, type Traffic, wayOf } from "./traffic.ts";

/** Packets that are drawn one by one; of the rest each cable shows how many. */
export const DRAWN_LIMIT = 500;
/** As many carry all they say, more only their protocol. */
const CAPTIONS_LIMIT = 40;
const GLOW_CAPTIONS_LIMIT = 24;
const LONGEST_CAPTION = 20;
/** Nearer than this a caption has room for all that it says. */
const FULL_CAPTION_ZOOM = 0.85;
/** Labels become smaller with the network, but not smaller than can be read. */
const SMALLEST_LABEL = 0.62;
/** How far beside the middle of a cable its two ways are. */
const LANE = 5;
/** How far along its way a frame is lost. */
const LOST_AT = 0.55;

export interface Line {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  /** What it is stands at its middle already. */
  readonly named?: boolean;
}

/** Where a packet was drawn, for who clicks on it. */
export interface Drawn {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly event: number;
}

export interface Scene {
  readonly context: CanvasRenderingContext2D;
  readonly sprites: Sprites;
  /** The cables on the screen, from the border of one device to the border of the other. */
  readonly lines: ReadonlyMap<number, Line>;
  readonly zoom: number;
  /** No movement: counts and highlights in its place. */
  readonly still: boolean;
  readonly selected: number | undefined;
  readonly textOfDrop: (reason: string) => string;
  readonly formatRate: (rate: number) => string;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** A picture that is being drawn. */
interface Sheet extends Scene {
  /** Where words stand already. */
  readonly taken: Box[];
}

/** The middle of the lane of one way: beside the cable, always on its own side. */
function lane(line: Line, way: 0 | 1): Line & { readonly nx: number; readonly ny: number; readonly side: -1 | 1 } {
  const length = Math.hypot(line.bx - line.ax, line.by - line.ay) || 1;
  const nx = -(line.by - line.ay) / length;
  const ny = (line.bx - line.ax) / length;
  const side = way === 0 ? -1 : 1;
  const [dx, dy] = [nx * side * LANE, ny * side * LANE];
  const moved = { ax: line.ax + dx, ay: line.ay + dy, bx: line.bx + dx, by: line.by + dy };
  const there = { ...moved, nx, ny, side, ...(line.named === true && { named: true }) } as const;
  return way === 0 ? there : { ...there, ax: there.bx, ay: there.by, bx: there.ax, by: there.ay };
}

/** Draws one picture: what glows, what moves, what was lost. @returns where packets are */
export function draw(of: Scene, traffic: Traffic, moving: readonly LineCrossing[], now: number, wall: number): Drawn[] {
  const scene: Sheet = { ...of, taken: [] };
  const { context, lines } = scene;
  context.lineCap = "round";
  let captions = 0;
  for (const [cable, glows] of traffic.glows) {
    const line = lines.get(cable);
    if (line === undefined) continue;
    for (const way of [0, 1] as const) {
      const glow = glows[way];
      if (glow === undefined || wall - glow.wall >= AFTERGLOW) continue;
      drawGlow(scene, lane(line, way), glow, wall, captions++ < GLOW_CAPTIONS_LIMIT);
    }
  }
  const drawn = scene.still ? drawCounts(scene, moving) : drawMoving(scene, moving, now);
  for (const { crossing, wall: lostAt } of traffic.losses) drawLoss(scene, crossing, 1 - (wall - lostAt) / LOSS_SHOWN);
  context.globalAlpha = 1;
  drawRates(scene, traffic, wall);
  return drawn;
}

function drawGlow(scene: Sheet, path: ReturnType<typeof lane>, glow: Glow, wall: number, captioned: boolean): void {
  const { context, sprites, still, zoom } = scene;
  const colour = colourOf(sprites.palette, groupOf(glow.protocol));
  context.globalAlpha = still ? 0.85 : Math.max(0.15, 1 - (wall - glow.wall) / AFTERGLOW);
  context.strokeStyle = colour;
  context.lineWidth = 3;
  stroke(context, path.ax, path.ay, path.bx, path.by);
  arrow(context, path, 0.72, colour);
  if (!captioned || glow.protocol === "" || zoom < 0.45) return;
  const text = zoom < FULL_CAPTION_ZOOM ? glow.protocol : glow.label;
  // Each way's words on its own side, so that what goes there and what comes back do not cover each other.
  const [dx, dy] = [path.nx * path.side * 9, path.ny * path.side * 9];
  const beside = { ax: path.ax + dx, ay: path.ay + dy, bx: path.bx + dx, by: path.by + dy };
  put(scene, text, colour, false, beside, path.named === true ? 0.24 : 0.45);
}

/** An arrowhead on a way. */
function arrow(context: CanvasRenderingContext2D, path: Line, at: number, colour: string): void {
  const angle = Math.atan2(path.by - path.ay, path.bx - path.ax);
  const [x, y] = along(path, at);
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.beginPath();
  context.moveTo(8, 0);
  context.lineTo(-4, -6);
  context.lineTo(-4, 6);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
  context.restore();
}

/** Puts a label on a way. @returns the half of its width */
function put(scene: Sheet, text: string, colour: string, filled: boolean, path: Line, at: number): number {
  const short = text.length > LONGEST_CAPTION ? `${text.slice(0, LONGEST_CAPTION - 1)}…` : text;
  const { image, width, height } = scene.sprites.label(short, colour, filled);
  const [x, y] = along(path, at);
  const scale = Math.max(SMALLEST_LABEL, Math.min(1, scene.zoom * 1.6));
  const [wide, high] = [width * scale, height * scale];
  scene.taken.push({ x, y, halfWidth: wide / 2, halfHeight: high / 2 });
  scene.context.drawImage(image, Math.round(x - wide / 2), Math.round(y - high / 2), wide, high);
  return wide / 2;
}

/** How far a frame is on its line, that has gone so far over its cable. */
const onLine = ({ part: [from, to] = [0, 1] }: LineCrossing, at: number): number => from + (to - from) * at;

const along = (path: Line, at: number): [number, number] => [
  path.ax + (path.bx - path.ax) * at,
  path.ay + (path.by - path.ay) * at,
];

function stroke(context: CanvasRenderingContext2D, ax: number, ay: number, bx: number, by: number): void {
  context.beginPath();
  context.moveTo(ax, ay);
  context.lineTo(bx, by);
  context.stroke();
}

function drawMoving(scene: Sheet, moving: readonly LineCrossing[], now: number): Drawn[] {
  const drawn: Drawn[] = [];
  const shown = moving.slice(-DRAWN_LIMIT);
  const full = shown.length <= CAPTIONS_LIMIT && scene.zoom >= FULL_CAPTION_ZOOM * 0.75;
  for (const crossing of shown) {
    const line = scene.lines.get(crossing.cable);
    if (line === undefined) continue;
    const path = lane(line, wayOf(crossing));
    const at = Math.min(1, (now - crossing.left) / Math.max(1, crossing.arrives - crossing.left));
    const place = onLine(crossing, crossing.lost === undefined ? at : at * LOST_AT);
    const [x, y] = along(path, place);
    scene.context.globalAlpha = 1;
    const halfWidth = drawPacket(scene, crossing, path, place, full);
    if (crossing.event === scene.selected) ring(scene, x, y, halfWidth);
    drawn.push({ x, y, halfWidth, event: crossing.event });
  }
  if (moving.length > shown.length) drawCounts(scene, moving.slice(0, moving.length - shown.length));
  return drawn;
}

function drawPacket(scene: Sheet, crossing: LineCrossing, path: Line, at: number, full: boolean): number {
  const colour = colourOf(scene.sprites.palette, groupOf(crossing.protocol));
  const text = full ? caption(crossing.protocol, crossing.label) : crossing.protocol;
  return put(scene, text, colour, true, path, at);
}

function ring({ context, sprites }: Scene, x: number, y: number, halfWidth: number): void {
  context.strokeStyle = sprites.palette.accent;
  context.lineWidth = 2.5;
  context.beginPath();
  context.roundRect(x - halfWidth - 4, y - 13, halfWidth * 2 + 8, 26, 13);
  context.stroke();
}

/** How many frames are on each way, for what is not drawn one by one: the more, the broader. */
function drawCounts(scene: Sheet, moving: readonly LineCrossing[]): Drawn[] {
  const { context, sprites, lines } = scene;
  const counts = new Map<number, { crossing: LineCrossing; count: number }>();
  for (const crossing of moving) {
    const key = crossing.cable * 2 + wayOf(crossing);
    counts.set(key, { crossing, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const drawn: Drawn[] = [];
  for (const { crossing, count } of counts.values()) {
    const line = lines.get(crossing.cable);
    if (line === undefined) continue;
    const path = lane(line, wayOf(crossing));
    const colour = colourOf(sprites.palette, groupOf(crossing.protocol));
    context.globalAlpha = 0.6;
    context.strokeStyle = colour;
    context.lineWidth = Math.min(12, 3 + Math.log2(count) * 1.5);
    stroke(context, path.ax, path.ay, path.bx, path.by);
    context.globalAlpha = 1;
    arrow(context, path, 0.75, colour);
    const text = count === 1 ? crossing.protocol : `${crossing.protocol} ×${count}`;
    const halfWidth = put(scene, text, colour, true, path, 0.5);
    const [x, y] = along(path, 0.5);
    drawn.push({ x, y, halfWidth, event: crossing.event });
  }
  return drawn;
}

function drawLoss(scene: Sheet, crossing: LineCrossing, left: number): void {
  const line = scene.lines.get(crossing.cable);
  if (line === undefined || crossing.lost === undefined) return;
  const { context, sprites, zoom, still } = scene;
  const path = lane(line, wayOf(crossing));
  const [x, y] = along(path, onLine(crossing, LOST_AT));
  const colour = sprites.palette.bad;
  context.globalAlpha = still ? 1 : Math.min(1, left * 2);
  context.strokeStyle = colour;
  context.lineWidth = 3;
  stroke(context, x - 6, y - 6, x + 6, y + 6);
  stroke(context, x - 6, y + 6, x + 6, y - 6);
  if (zoom < 0.45) return;
  const text = `${crossing.protocol}: ${scene.textOfDrop(crossing.lost)}`;
  put(scene, text, colour, false, { ax: x, ay: y + 18, bx: x, by: y + 18 }, 0);
}

/** Bits per second that are worth a word: less is what is left of a frame some seconds ago. */
const LEAST_RATE = 50;

/** The throughput of each cable, beside it where no packet's words come. */
function drawRates(scene: Sheet, traffic: Traffic, wall: number): void {
  const { context, lines, sprites, zoom } = scene;
  if (zoom < 0.6) return;
  context.font = "11px ui-monospace, monospace";
  context.fillStyle = sprites.palette.muted;
  // What lies under it does not show through.
  context.strokeStyle = sprites.palette.ground;
  context.lineWidth = 4;
  context.lineJoin = "round";
  for (const [cable, line] of lines) {
    const [there, back] = traffic.rates(cable, wall);
    const place = there + back < LEAST_RATE ? undefined : ratePlace(line);
    if (place === undefined) continue;
    const text = scene.formatRate(there + back);
    const halfWidth = context.measureText(text).width / 2;
    const x = place.align === "left" ? place.x + halfWidth : place.x;
    const box = { x, y: place.y - 4, halfWidth, halfHeight: 6 };
    // What a packet says goes before; it is soon gone.
    if (scene.taken.some((other) => touch(box, other))) continue;
    scene.taken.push(box);
    context.textAlign = place.align;
    context.strokeText(text, place.x, place.y);
    context.fillText(text, place.x, place.y);
  }
}

const touch = (one: Box, other: Box): boolean =>
  Math.abs(one.x - other.x) < one.halfWidth + other.halfWidth &&
  Math.abs(one.y - other.y) < one.halfHeight + other.halfHeight;

/** Shorter cables have no room for a throughput. */
const SHORTEST_RATED = 64;

/** Where a cable's throughput stands: below its middle, or beside the end of one that goes up or down; nowhere on a short one. */
export function ratePlace(line: Line): { x: number; y: number; align: "center" | "left" } | undefined {
  const [dx, dy] = [line.bx - line.ax, line.by - line.ay];
  const length = Math.hypot(dx, dy);
  if (length < SHORTEST_RATED) return undefined;
  const level = Math.abs(dx) / length;
  if (level < 0.6) {
    const [x, y] = along(line, dy > 0 ? 0.78 : 0.22);
    return { x: x + 14 + 10 * level, y: y + 4, align: "left" };
  }
  const [x, y] = along(line, 0.5);
  const away = 17 + (15 + 0.05 * Math.abs(dy)) / level;
  const side = dx > 0 ? 1 : -1;
  return { x: x - (dy / length) * side * away, y: y + level * away + 4, align: "center" };
}

/** The packet at a place, if one was drawn there. */
export function packetAt(drawn: readonly Drawn[], x: number, y: number): number | undefined {
  const hit = drawn.findLast((each) => Math.abs(each.x - x) <= each.halfWidth + 4 && Math.abs(each.y - y) <= 13);
  return hit?.event;
}

export type { Palette };
