import type { IpAddress } from "../address/ip.ts";
import { finish, fold, sum, update } from "../base/checksum.ts";

/**
 * The IPv4 header (RFC 791 §3.1): version and header length 1, type of service 1, total length 2, identification 2,
 * flags and fragment offset 2, time to live 1, protocol 1, checksum 2, source 4, destination 4, options.
 */

export const IPV4_HEADER_LENGTH = 20;
export const IPV4_MAX_HEADER_LENGTH = 60;
/** The longest datagram, header included. */
export const IPV4_MAX_LENGTH = 65_535;
/** Every link carries datagrams of this length without cutting them (RFC 791 §3.2). */
export const IPV4_MIN_MTU = 68;

export const PROTOCOL_ICMP = 1;
export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;

/** Bits of the word that {@link readIpv4Fragment} gives. */
export const IPV4_DONT_FRAGMENT = 0x4000;
export const IPV4_MORE_FRAGMENTS = 0x2000;
/** The fragment's offset in units of eight bytes. */
export const IPV4_OFFSET_MASK = 0x1fff;

export type Ipv4Fault = "malformed" | "checksum";

/** What is wrong with the header at `at`–`end`, if anything (RFC 1122 §3.2.1.1, §3.2.1.2; RFC 1812 §5.2.2). */
export function checkIpv4Header(view: DataView, at: number, end: number): Ipv4Fault | undefined {
  const room = end - at;
  if (room < IPV4_HEADER_LENGTH) return "malformed";
  const first = view.getUint8(at);
  const headerLength = (first & 15) * 4;
  const total = view.getUint16(at + 2);
  if (first >>> 4 !== 4 || headerLength < IPV4_HEADER_LENGTH || total < headerLength || total > room)
    return "malformed";
  const words = headerLength === IPV4_HEADER_LENGTH ? sumOfFiveWords(view, at) : sum(view, at, at + headerLength);
  return fold(words) === 0xffff ? undefined : "checksum";
}

/** The sum of a header without options, which nearly every header is. */
function sumOfFiveWords(view: DataView, at: number): number {
  const a = view.getInt32(at);
  const b = view.getInt32(at + 4);
  const c = view.getInt32(at + 8);
  const d = view.getInt32(at + 12);
  const e = view.getInt32(at + 16);
  const high = (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16) + (e >>> 16);
  const total = high + (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff) + (e & 0xffff);
  return (total & 0xffff) + (total >>> 16);
}

/** Bytes, options included. */
export function readIpv4HeaderLength(view: DataView, at: number): number {
  return (view.getUint8(at) & 15) * 4;
}

/** The type of service, ECN bits included (RFC 3168 §5). */
export function readIpv4TrafficClass(view: DataView, at: number): number {
  return view.getUint8(at + 1);
}

export function readIpv4Length(view: DataView, at: number): number {
  return view.getUint16(at + 2);
}

export function readIpv4Identification(view: DataView, at: number): number {
  return view.getUint16(at + 4);
}

/** Flags and fragment offset as one word. */
export function readIpv4Fragment(view: DataView, at: number): number {
  return view.getUint16(at + 6);
}

/** Whether the datagram is a part of a longer one. */
export function isIpv4Fragment(view: DataView, at: number): boolean {
  return (view.getUint16(at + 6) & (IPV4_MORE_FRAGMENTS | IPV4_OFFSET_MASK)) !== 0;
}

export function readIpv4HopLimit(view: DataView, at: number): number {
  return view.getUint8(at + 8);
}

export function readIpv4Protocol(view: DataView, at: number): number {
  return view.getUint8(at + 9);
}

export function readIpv4Source(view: DataView, at: number): IpAddress {
  return view.getInt32(at + 12) as IpAddress;
}

export function readIpv4Destination(view: DataView, at: number): IpAddress {
  return view.getInt32(at + 16) as IpAddress;
}

/**
 * Writes a header without options, its checksum included.
 * @param length of the datagram, header included
 * @param fragment flags and offset, as {@link readIpv4Fragment} gives them
 */
export function writeIpv4Header(
  view: DataView,
  at: number,
  length: number,
  trafficClass: number,
  identification: number,
  fragment: number,
  hopLimit: number,
  protocol: number,
  source: IpAddress,
  destination: IpAddress,
): void {
  const first = 0x4500 | trafficClass;
  const fifth = (hopLimit << 8) | protocol;
  let total = first + length + identification + fragment + fifth;
  total += (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
  total = (total & 0xffff) + (total >>> 16);
  total = (total & 0xffff) + (total >>> 16);
  view.setInt32(at, (first << 16) | length);
  view.setInt32(at + 4, (identification << 16) | fragment);
  view.setInt32(at + 8, (fifth << 16) | (~total & 0xffff));
  view.setInt32(at + 12, source);
  view.setInt32(at + 16, destination);
}

/** Writes header length, length and fragment word anew, and the checksum over the whole header. */
export function rewriteIpv4Header(
  view: DataView,
  at: number,
  headerLength: number,
  length: number,
  fragment: number,
): void {
  view.setUint8(at, 0x40 | (headerLength >>> 2));
  view.setUint16(at + 2, length);
  view.setUint16(at + 6, fragment);
  sealIpv4Header(view, at, headerLength);
}

/** Computes the checksum of a header that was changed. */
export function sealIpv4Header(view: DataView, at: number, headerLength: number): void {
  view.setUint16(at + 10, 0);
  view.setUint16(at + 10, finish(sum(view, at, at + headerLength)));
}

/** Takes one off the time to live and mends the checksum without a look at the rest (RFC 1624 §3). */
export function decrementIpv4HopLimit(view: DataView, at: number): void {
  const before = view.getUint16(at + 8);
  view.setUint16(at + 10, update(view.getUint16(at + 10), before, before - 0x100));
  view.setUint16(at + 8, before - 0x100);
}
