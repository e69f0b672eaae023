import type { IpAddress } from "../../address/ip.ts";

/** The sum of 16-bit words (RFC 1071), not folded; an odd octet at the end counts as the high one of a word. */
export function sumOf(view: DataView, start: number, end: number): number {
  let sum = 0;
  let at = start;
  for (; at + 1 < end; at += 2) sum += view.getUint16(at);
  if (at < end) sum += view.getUint8(at) << 8;
  return sum;
}

export function folded(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** What the checksum at a place ought to be, of the octets around it and what was summed before. */
export function checksumOf(view: DataView, start: number, end: number, place: number, before = 0): number {
  return folded(before + sumOf(view, start, end) - (place + 1 < end ? view.getUint16(place) : 0));
}

/** The sum of the pseudo-header (RFC 9293 §3.1). */
export function pseudoHeaderSum(source: IpAddress, destination: IpAddress, protocol: number, length: number): number {
  return (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length;
}
