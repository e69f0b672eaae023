import { isGroupMac, type MacAddress, readMac, writeMac, ZERO_MAC } from "../address/mac.ts";
import type { Nic } from "../link/nic.ts";
import type { Packet } from "../packet/packet.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "../wire/ethernet.ts";

const ETHERTYPE_AT = 12;
const NOTHING = new Uint8Array(0);

/** A whole frame, as a record shows it: a header made for it, or nothing, and a range of the packet's slab. */
export interface FrameRange {
  before: Uint8Array;
  start: number;
  /** Whether the Nic had it to send, rather than received it. */
  outward: boolean;
}

/**
 * The whole frame of a dropped packet, from its Ethernet header, whatever was pulled of it:
 *
 * 1. The packet stands at its link header: as it is.
 * 2. The link header was pulled and is still in the slab, and names this Nic (a forwarded packet has that of the Nic it
 *    came in by, which says nothing here): from there.
 * 3. It never had one here, as when its next hop did not answer: a header is made, with this Nic as the source and a
 *    destination of zero, for a packet that is a whole IP datagram from `start`, or from `network` when that was pulled.
 * 4. Anything else is no frame and cannot be shown.
 *
 * @param into filled in
 * @returns whether there is a frame to show
 */
export function frameOf(packet: Packet, nic: Nic, into: FrameRange): boolean {
  into.before = NOTHING;
  const link = packet.link;
  if (
    link !== 0 &&
    packet.end - link >= ETHERNET_HEADER_LENGTH &&
    (link === packet.start || (link < packet.start && names(packet, nic)))
  ) {
    into.start = link;
    into.outward = readMac(packet.view, link + 6) === nic.mac;
    return true;
  }
  into.outward = true;
  for (const at of [packet.start, packet.network]) {
    const type = at >= packet.base && at !== 0 && at <= packet.start ? datagramType(packet.view, at, packet.end) : 0;
    if (type === 0) continue;
    into.before = madeHeader(nic.mac, type);
    into.start = at;
    return true;
  }
  return false;
}

/** Whether the link header in the slab is of a frame to this Nic, to a group, or from it. */
function names(packet: Packet, nic: Nic): boolean {
  const destination = readMac(packet.view, packet.link);
  return destination === nic.mac || isGroupMac(destination) || readMac(packet.view, packet.link + 6) === nic.mac;
}

/** The EtherType of a whole datagram that fills the range; 0 when it is none. */
function datagramType(view: DataView, start: number, end: number): number {
  const length = end - start;
  const version = length < 20 ? 0 : view.getUint8(start) >> 4;
  if (version === 4 && (view.getUint8(start) & 15) >= 5 && view.getUint16(start + 2) === length) return ETHERTYPE_IPV4;
  return version === 6 && length >= 40 && view.getUint16(start + 4) + 40 === length ? ETHERTYPE_IPV6 : 0;
}

function madeHeader(source: MacAddress, type: number): Uint8Array {
  const header = new Uint8Array(ETHERNET_HEADER_LENGTH);
  const view = new DataView(header.buffer);
  writeMac(view, 0, ZERO_MAC);
  writeMac(view, 6, source);
  view.setUint16(ETHERTYPE_AT, type);
  return header;
}
