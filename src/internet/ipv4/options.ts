import type { IpAddress } from "../../address/ip.ts";
import type { Instant } from "../../time/instant.ts";
import { sealIpv4Header } from "../../wire/ipv4.ts";
import {
  findIpv4Option,
  isRecordFull,
  OPTION_LOOSE_SOURCE_ROUTE,
  OPTION_RECORD_ROUTE,
  OPTION_STRICT_SOURCE_ROUTE,
  OPTION_TIMESTAMP,
} from "../../wire/ipv4-options.ts";

/**
 * Whether a source route still wants to go on from here. It is refused, as modern hosts and routers do (RFC 7126 §4.3);
 * one that is done is an option like others.
 */
export function hasSourceRoute(view: DataView, at: number, headerLength: number): boolean {
  for (const type of [OPTION_LOOSE_SOURCE_ROUTE, OPTION_STRICT_SOURCE_ROUTE]) {
    const offset = findIpv4Option(view, at, headerLength, type);
    if (offset > 0 && !isRecordFull(view, at + offset)) return true;
  }
  return false;
}

/**
 * Writes this host into the options that ask for it: Record Route (RFC 791 §3.1; RFC 1812 §5.3.13.2) and Timestamp
 * (§5.3.13.3), and mends the header's checksum.
 */
export function recordHere(view: DataView, at: number, headerLength: number, own: IpAddress, now: Instant): void {
  const route = findIpv4Option(view, at, headerLength, OPTION_RECORD_ROUTE);
  if (route > 0) recordAddress(view, at + route, own);
  const timestamp = findIpv4Option(view, at, headerLength, OPTION_TIMESTAMP);
  if (timestamp > 0) recordTime(view, at + timestamp, own, now);
  if (route > 0 || timestamp > 0) sealIpv4Header(view, at, headerLength);
}

function recordAddress(view: DataView, at: number, own: IpAddress): void {
  const pointer = view.getUint8(at + 2);
  if (pointer + 3 > view.getUint8(at + 1)) return;
  view.setInt32(at + pointer - 1, own);
  view.setUint8(at + 2, pointer + 4);
}

/** Flags 0: times alone; 1: each with an address; 3: only where the next address is ours. A full one counts us. */
function recordTime(view: DataView, at: number, own: IpAddress, now: Instant): void {
  const length = view.getUint8(at + 1);
  const pointer = view.getUint8(at + 2);
  const flags = view.getUint8(at + 3) & 15;
  const size = flags === 0 ? 4 : 8;
  if (pointer + size - 1 > length) {
    const overflow = view.getUint8(at + 3) >>> 4;
    if (overflow < 15) view.setUint8(at + 3, ((overflow + 1) << 4) | flags);
    return;
  }
  const place = at + pointer - 1;
  if (flags === 3 && view.getInt32(place) !== own) return;
  if (flags !== 0) view.setInt32(place, own);
  // Virtual time knows no midnight: the high bit says that this is not the standard value (RFC 791 §3.1).
  const time = (Math.floor(now / 1e6) & 0x7fffffff) | 0x80000000;
  view.setInt32(place + size - 4, time | 0);
  view.setUint8(at + 2, pointer + size);
}

/**
 * The options that an echo reply takes over from its request: Record Route and Timestamp, with this host written in
 * (RFC 1122 §3.2.2.6).
 */
export function reflectOptions(
  view: DataView,
  at: number,
  headerLength: number,
  own: IpAddress,
  now: Instant,
): Uint8Array | undefined {
  const reflected: number[] = [];
  for (const type of [OPTION_RECORD_ROUTE, OPTION_TIMESTAMP]) {
    const offset = findIpv4Option(view, at, headerLength, type);
    if (offset === 0) continue;
    const option = new Uint8Array(view.getUint8(at + offset + 1));
    for (let index = 0; index < option.length; index++) option[index] = view.getUint8(at + offset + index);
    if (type === OPTION_RECORD_ROUTE) recordAddress(new DataView(option.buffer), 0, own);
    else recordTime(new DataView(option.buffer), 0, own, now);
    reflected.push(...option);
  }
  return reflected.length === 0 ? undefined : Uint8Array.from(reflected);
}
