import { copyAndSumShared, sharedView, sumShared } from "./slab.ts";

/**
 * The Internet checksum (RFC 1071) as a running sum: add ranges with {@link sum}, then {@link fold} it and take its
 * complement with {@link finish}. A sum is a plain number below 2^53, so carries are folded once, at the end
 * (RFC 1071 §2, "deferred carries").
 */

/** More bytes than this in one range would overflow the integers it is summed in; the largest datagram is half as long. */
export const SUM_LIMIT = 128 * 1024;

/**
 * Adds the bytes `start`–`end` of the view to a running sum, as 16-bit words in network order; a last odd byte is
 * padded with zero on its right (RFC 1071 §1). `start` counts as even, so ranges added after an odd one must say so
 * themselves ({@link swap}).
 *
 * The words are read in the machine's order, which is faster, and the bytes of their sum exchanged (RFC 1071 §2 (B)). A
 * 32-bit word weighs the same as its two halves, for 2^16 ≡ 1 (mod 2^16 − 1). In the memory that slabs share (slab.ts)
 * the words are four times as wide.
 * @param end at most {@link SUM_LIMIT} after `start`
 */
export function sum(view: DataView, start: number, end: number, initial = 0): number {
  return initial + (view === sharedView ? sumShared(start, end) : sumPlainly(view, start, end));
}

/** {@link sum} in plain JavaScript, for any memory. @returns the sum, folded to 16 bits */
export function sumPlainly(view: DataView, start: number, end: number): number {
  let low = 0;
  let high = 0;
  let at = start;
  for (const stop = end - 31; at < stop; at += 32) {
    const a = view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    const c = view.getInt32(at + 8, true);
    const d = view.getInt32(at + 12, true);
    const e = view.getInt32(at + 16, true);
    const f = view.getInt32(at + 20, true);
    const g = view.getInt32(at + 24, true);
    const h = view.getInt32(at + 28, true);
    high = (high + (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16)) | 0;
    high = (high + (e >>> 16) + (f >>> 16) + (g >>> 16) + (h >>> 16)) | 0;
    low = (low + (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff)) | 0;
    low = (low + (e & 0xffff) + (f & 0xffff) + (g & 0xffff) + (h & 0xffff)) | 0;
  }
  for (; at + 3 < end; at += 4) {
    const word = view.getInt32(at, true);
    high += word >>> 16;
    low += word & 0xffff;
  }
  if (at + 1 < end) {
    low += view.getUint16(at, true);
    at += 2;
  }
  if (at < end) low += view.getUint8(at);
  return swap(fold(low + high));
}

/**
 * Copies `start`–`end` of a slab to an offset of another, or of the same further off, and gives the sum of what was copied.
 * Within the memory that slabs share that is one way through the bytes.
 * @returns the sum, folded to 16 bits
 */
export function copyAndSum(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  view: DataView,
  at: number,
): number {
  if (from === into && view === sharedView) return copyAndSumShared(at, start, end);
  into.set(from.subarray(start, end), at);
  return sum(view, at, at + end - start);
}

/** Folds a running sum to 16 bits with end-around carry (RFC 1071 §2). */
export function fold(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

/** The checksum field for a running sum: its one's complement, 0–0xffff. */
export function finish(total: number): number {
  return ~fold(total) & 0xffff;
}

/** A folded sum as seen from an odd offset: its bytes exchanged (RFC 1071 §2 (B)). */
export function swap(folded: number): number {
  return ((folded & 0xff) << 8) | (folded >>> 8);
}

/**
 * The checksum field after one 16-bit word under it changed, without a look at the rest (RFC 1624 §3, equation 3:
 * HC' = ~(~HC + ~m + m')).
 */
export function update(checksum: number, before: number, after: number): number {
  return finish((~checksum & 0xffff) + (~before & 0xffff) + after);
}
