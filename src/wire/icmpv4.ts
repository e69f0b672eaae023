import { finish, fold, sum } from "../base/checksum.ts";

/** ICMP (RFC 792): type 1, code 1, checksum 2, then four bytes whose meaning is the type's, then data. */

export const ICMP_HEADER_LENGTH = 8;

export const ICMP_ECHO_REPLY = 0;
export const ICMP_UNREACHABLE = 3;
export const ICMP_SOURCE_QUENCH = 4;
export const ICMP_REDIRECT = 5;
export const ICMP_ECHO_REQUEST = 8;
export const ICMP_TIME_EXCEEDED = 11;
export const ICMP_PARAMETER_PROBLEM = 12;

/** Codes of {@link ICMP_UNREACHABLE} (RFC 792; RFC 1122 §3.2.2.1; RFC 1812 §5.2.7.1). */
export const UNREACHABLE_NETWORK = 0;
export const UNREACHABLE_HOST = 1;
export const UNREACHABLE_PROTOCOL = 2;
export const UNREACHABLE_PORT = 3;
export const UNREACHABLE_FRAGMENTATION_NEEDED = 4;
export const UNREACHABLE_SOURCE_ROUTE_FAILED = 5;
export const UNREACHABLE_PROHIBITED = 13;

/** Codes of {@link ICMP_TIME_EXCEEDED}. */
export const EXCEEDED_IN_TRANSIT = 0;
export const EXCEEDED_REASSEMBLY = 1;

/** Whether the message at `at`–`end` is whole and its checksum right (RFC 792). */
export function checkIcmp(view: DataView, at: number, end: number): "malformed" | "checksum" | undefined {
  if (end - at < ICMP_HEADER_LENGTH) return "malformed";
  return fold(sum(view, at, end)) === 0xffff ? undefined : "checksum";
}

export function readIcmpType(view: DataView, at: number): number {
  return view.getUint8(at);
}

export function readIcmpCode(view: DataView, at: number): number {
  return view.getUint8(at + 1);
}

/** Of an echo message. */
export function readIcmpIdentifier(view: DataView, at: number): number {
  return view.getUint16(at + 4);
}

/** Of an echo message. */
export function readIcmpSequence(view: DataView, at: number): number {
  return view.getUint16(at + 6);
}

/** The next hop's MTU that "fragmentation needed" carries; 0 from a router that says none (RFC 1191 §4). */
export function readIcmpNextHopMtu(view: DataView, at: number): number {
  return view.getUint16(at + 6);
}

/** Whether the type reports an error, about which no error may be sent (RFC 1122 §3.2.2). Unknown ones count as errors. */
export function isIcmpError(type: number): boolean {
  switch (type) {
    case ICMP_ECHO_REPLY:
    case ICMP_ECHO_REQUEST:
    case 9: // router advertisement and solicitation (RFC 1256)
    case 10:
    case 13: // timestamp, information and address mask, requests and replies
    case 14:
    case 15:
    case 16:
    case 17:
    case 18:
      return false;
    default:
      return true;
  }
}

/**
 * Writes the header of a message whose data already stands behind it, and the checksum over both.
 * @param rest the four bytes after the checksum
 */
export function writeIcmp(view: DataView, at: number, end: number, type: number, code: number, rest: number): void {
  view.setUint16(at, (type << 8) | code);
  view.setUint16(at + 2, 0);
  view.setUint32(at + 4, rest);
  view.setUint16(at + 2, finish(sum(view, at, end)));
}
