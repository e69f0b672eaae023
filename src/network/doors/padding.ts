import { ARP_LENGTH } from "../../wire/arp.ts";
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERNET_HEADER_LENGTH as HEADER,
  MIN_FRAME_LENGTH,
} from "../../wire/ethernet.ts";

const ETHERTYPE_AT = 12;
const IPV4_TOTAL_LENGTH_AT = HEADER + 2;
const IPV6_PAYLOAD_LENGTH_AT = HEADER + 4;
const IPV6_HEADER = 40;

/**
 * The length of a frame without the padding that the shortest frames have on an Ethernet. Where frames go through a
 * stream there is no shortest one, and there are programs that take padding for damage (passt up to 2023).
 * @returns the whole length when there is no padding, or nobody can tell
 */
export function lengthWithoutPadding(frame: Uint8Array): number {
  if (frame.length !== MIN_FRAME_LENGTH) return frame.length;
  const length = HEADER + payloadLength(frame);
  return length > HEADER && length < frame.length ? length : frame.length;
}

/** What the network layer's header says; 0 for a type that is not known. */
function payloadLength(frame: Uint8Array): number {
  const uint16 = (at: number): number => ((frame[at] as number) << 8) | (frame[at + 1] as number);
  switch (uint16(ETHERTYPE_AT)) {
    case ETHERTYPE_ARP:
      return ARP_LENGTH;
    case ETHERTYPE_IPV4:
      return uint16(IPV4_TOTAL_LENGTH_AT);
    case ETHERTYPE_IPV6:
      return IPV6_HEADER + uint16(IPV6_PAYLOAD_LENGTH_AT);
    default:
      return 0;
  }
}
