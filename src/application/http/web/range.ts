/** A range of bytes: from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Ranges of one request; with more the whole is sent. */
export const RANGES_LIMIT = 50;
/** Ranges with a gap smaller than the head of a part between them go in one part (RFC 9110 §15.3.7.2). */
const GAP = 80;

const RANGE_SPEC = /^(?:(\d+)-(\d*)|-(\d+))$/;

/**
 * Reads `Range` (RFC 9110 §14.2) for a representation.
 * @param size its bytes
 * @returns ranges to send, at least one; `"whole"` where the field means nothing or is not worth following;
 *   `"unsatisfiable"` for 416
 */
export function parseRange(text: string, size: number): readonly ByteRange[] | "whole" | "unsatisfiable" {
  const equals = text.indexOf("=");
  // §14.1: a range unit's name is without case; one that we do not know is ignored.
  if (equals < 0 || text.slice(0, equals).trim().toLowerCase() !== "bytes") return "whole";
  const ranges: ByteRange[] = [];
  let count = 0;
  for (const part of text.slice(equals + 1).split(",", 2 * RANGES_LIMIT)) {
    const spec = part.trim();
    if (spec === "") continue;
    const range = readSpec(spec, size);
    if (range === "invalid" || ++count > RANGES_LIMIT) return "whole";
    if (range !== undefined) ranges.push(range);
  }
  if (count === 0) return "whole";
  if (ranges.length === 0) return "unsatisfiable";
  return join(ranges, size);
}

/** @returns undefined for one that is well written and not there */
function readSpec(spec: string, size: number): ByteRange | "invalid" | undefined {
  const match = RANGE_SPEC.exec(spec);
  if (match === null) return "invalid";
  const [, first, last, suffix] = match;
  if (suffix !== undefined) {
    const length = Math.min(Number(suffix), size);
    // §14.1.2: a suffix that is longer than all there is means all there is, which of nothing is no range.
    if (size === 0 && Number(suffix) > 0) return "invalid";
    return length === 0 ? undefined : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === "" ? size : Number(last) + 1;
  if (last !== "" && Number(last) < start) return "invalid"; // §14.1.1
  return start >= size ? undefined : { start, end: Math.min(end, size) };
}

/**
 * Ranges that overlap, or nearly touch, become one, so that no answer is larger than the whole (RFC 9110 §17.15). Others
 * keep the order in which they were asked for.
 */
function join(ranges: readonly ByteRange[], size: number): readonly ByteRange[] | "whole" {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last.end + GAP) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  const [only] = joined;
  if (ranges.length > 1 && joined.length === 1 && only?.start === 0 && only.end === size) return "whole";
  return joined.length === ranges.length ? ranges : joined;
}

/** `Content-Range` of a part (RFC 9110 §14.4). */
export const contentRange = ({ start, end }: ByteRange, size: number): string => `bytes ${start}-${end - 1}/${size}`;

/** `Content-Range` of a 416. */
export const unsatisfiedRange = (size: number): string => `bytes */${size}`;
