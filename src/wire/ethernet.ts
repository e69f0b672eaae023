import { type MacAddress, readMac, writeMac } from "../address/mac.ts";

/**
 * Ethernet II (IEEE 802.3 §3.1.1, RFC 894): destination 6, source 6, type 2, then the payload. Frames here stand without
 * preamble and frame check sequence; what those and the gap take on the wire is counted by {@link wireBits}.
 */

export const ETHERNET_HEADER_LENGTH = 14;
/** Where the addresses stand. */
export const DESTINATION_AT = 0;
export const SOURCE_AT = 6;
/** The shortest frame, without its FCS (IEEE 802.3 §4A.4.2: minFrameSize 64 with it). Shorter ones are padded. */
export const MIN_FRAME_LENGTH = 60;
/** The most payload of a standard frame (IEEE 802.3 §3.2.7). */
export const ETHERNET_MTU = 1500;

/** Seven octets of preamble and the start frame delimiter (IEEE 802.3 §3.2.1, §3.2.2). */
export const PREAMBLE_LENGTH = 8;
export const FCS_LENGTH = 4;
/** The least silence between frames, in octet times (IEEE 802.3 §4A.4.2: interPacketGap of 96 bits). */
export const GAP_LENGTH = 12;
const OVERHEAD_LENGTH = PREAMBLE_LENGTH + FCS_LENGTH + GAP_LENGTH;

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IPV6 = 0x86dd;

/** Whether `at`–`end` holds a whole header. */
export function checkEthernetHeader(at: number, end: number): boolean {
  return end - at >= ETHERNET_HEADER_LENGTH;
}

export function readDestinationMac(view: DataView, at: number): MacAddress {
  return readMac(view, at + DESTINATION_AT);
}

export function readSourceMac(view: DataView, at: number): MacAddress {
  return readMac(view, at + SOURCE_AT);
}

export function readEtherType(view: DataView, at: number): number {
  return view.getUint16(at + 12);
}

/** Whether a frame goes to a group, broadcast included, without reading the whole address (IEEE 802.3 §3.2.3). */
export function isGroupFrame(view: DataView, at: number): boolean {
  return (view.getUint8(at) & 1) === 1;
}

export function writeEthernetHeader(
  view: DataView,
  at: number,
  destination: MacAddress,
  source: MacAddress,
  etherType: number,
): void {
  writeMac(view, at, destination);
  writeMac(view, at + 6, source);
  view.setUint16(at + 12, etherType);
}

/** The bits for which a frame of that length keeps a line busy: with preamble, FCS and gap. */
export function wireBits(length: number): number {
  return (length + OVERHEAD_LENGTH) * 8;
}
