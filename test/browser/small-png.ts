/** Makes the pictures of the documentation small: a screenshot has few colours that matter, so a palette of 256 shows the same. */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const COLOURS = 256;
/** As many of them are the commonest. */
const COMMONEST = 128;
/** Octets of a pixel, by the PNG's kind of colour: RGB, and RGB with how opaque it is. */
const DEPTHS: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Each 0xrrggbb. */
  readonly colours: Uint32Array;
}

/** @param png of 8 bits a channel, not interlaced, as browsers write it @returns the same picture with a palette */
export function withPalette(png: Buffer): Buffer {
  const { width, height, colours } = pixelsOf(png);
  const palette = paletteOf(colours);
  const indexes = nearestIn(palette, colours);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(indexes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const entries = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  const end = chunk("IEND", Buffer.alloc(0));
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("PLTE", entries), chunk("IDAT", data), end]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** What a PNG shows (PNG, third edition, §9.2 for its filters). */
export function pixelsOf(png: Buffer): Pixels {
  const data: Buffer[] = [];
  let [width, height, depth] = [0, 0, 3];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === "IHDR")
      [width, height, depth] = [body.readUInt32BE(0), body.readUInt32BE(4), DEPTHS[body[9] ?? 0] ?? 0];
    if (type === "IDAT") data.push(body);
    at += length + 12;
  }
  if (depth === 0) throw new Error("this PNG has another kind of colour");
  const raw = inflateSync(Buffer.concat(data));
  const row = width * depth;
  const colours = new Uint32Array(width * height);
  let above = new Uint8Array(row);
  for (let y = 0; y < height; y++) {
    const line = Uint8Array.from(raw.subarray(y * (row + 1) + 1, (y + 1) * (row + 1)));
    unfilter(raw[y * (row + 1)] ?? 0, line, above, depth);
    for (let x = 0; x < width; x++) {
      const [red = 0, green = 0, blue = 0] = line.subarray(x * depth, x * depth + 3);
      colours[y * width + x] = (red << 16) | (green << 8) | blue;
    }
    above = line;
  }
  return { width, height, colours };
}

function unfilter(filter: number, line: Uint8Array, above: Uint8Array, depth: number): void {
  for (let at = 0; at < line.length; at++) {
    const left = at < depth ? 0 : (line[at - depth] ?? 0);
    const up = above[at] ?? 0;
    const corner = at < depth ? 0 : (above[at - depth] ?? 0);
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    line[at] = (line[at] ?? 0) + predicted;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The colours that are seen most; and of the others those that would be missed most, being many and far from all that are there. */
function paletteOf(colours: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const sorted = [...counts].sort((one, other) => other[1] - one[1]);
  const palette = sorted.slice(0, COMMONEST).map(([colour]) => colour);
  let others = sorted.slice(COMMONEST).map(([colour, count]) => ({
    ...{ colour, count },
    away: Math.min(...palette.map((each) => distance(colour, each))),
  }));
  while (palette.length < COLOURS && others.length > 0) {
    const missed = others.reduce((one, other) => (other.count * other.away > one.count * one.away ? other : one));
    palette.push(missed.colour);
    others = others
      .filter((other) => other !== missed)
      .map((other) => ({ ...other, away: Math.min(other.away, distance(other.colour, missed.colour)) }));
  }
  return palette;
}

/** For each pixel, which colour of the palette is nearest to its own. */
function nearestIn(palette: readonly number[], colours: Uint32Array): Uint8Array {
  const found = new Map<number, number>(palette.map((colour, index) => [colour, index]));
  return Uint8Array.from(colours, (colour) => {
    const known = found.get(colour);
    if (known !== undefined) return known;
    const distances = palette.map((other) => distance(colour, other));
    const nearest = distances.indexOf(Math.min(...distances));
    found.set(colour, nearest);
    return nearest;
  });
}

const distance = (one: number, other: number): number =>
  ((one >> 16) - (other >> 16)) ** 2 +
  (((one >> 8) & 255) - ((other >> 8) & 255)) ** 2 +
  ((one & 255) - (other & 255)) ** 2;
