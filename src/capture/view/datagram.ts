import { formatIp, type IpAddress } from "../../address/ip.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_IPV4 } from "../../wire/ethernet.ts";
import { PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from "../../wire/ipv4.ts";
import type { Located } from "../log/byte-store.ts";

/** What is read of an IPv4 datagram in a frame to tell whose it is: filled in again and again. */
export class Datagram {
  protocol = 0;
  source = 0 as IpAddress;
  destination = 0 as IpAddress;
  /** Of TCP and UDP; of an ICMP echo its identifier, on both sides; else 0. */
  sourcePort = 0;
  destinationPort = 0;
  /** Of TCP, as signed 32-bit numbers. */
  sequence = 0;
  acknowledgment = 0;
  flags = 0;
  window = 0;
  /** The payload of TCP or UDP: where it is in the bytes that were read. */
  start = 0;
  end = 0;

  /** Reads a whole datagram, or the first fragment of one. @returns false for any other frame */
  read({ view, start, end }: Located): boolean {
    const ip = start + ETHERNET_HEADER_LENGTH;
    if (end - ip < 20 || view.getUint16(start + 12) !== ETHERTYPE_IPV4) return false;
    const first = view.getUint8(ip);
    const header = (first & 15) * 4;
    const total = view.getUint16(ip + 2);
    if (first >> 4 !== 4 || header < 20 || total < header || ip + total > end) return false;
    if ((view.getUint16(ip + 6) & 0x1fff) !== 0) return false;
    this.protocol = view.getUint8(ip + 9);
    this.source = view.getInt32(ip + 12) as IpAddress;
    this.destination = view.getInt32(ip + 16) as IpAddress;
    return this.#transport(view, ip + header, ip + total);
  }

  #transport(view: DataView, at: number, end: number): boolean {
    this.sourcePort = this.destinationPort = this.flags = 0;
    this.start = this.end = end;
    if (this.protocol === PROTOCOL_TCP) {
      const header = end - at < 20 ? 0 : (view.getUint8(at + 12) >> 4) * 4;
      if (header < 20 || at + header > end) return false;
      this.sequence = view.getInt32(at + 4);
      this.acknowledgment = view.getInt32(at + 8);
      this.flags = view.getUint8(at + 13);
      this.window = view.getUint16(at + 14);
      this.start = at + header;
    } else if (this.protocol === PROTOCOL_UDP) {
      if (end - at < 8) return false;
      this.start = at + 8;
    } else if (this.protocol === PROTOCOL_ICMP) {
      const type = end - at < 8 ? -1 : view.getUint8(at);
      if (type === 0 || type === 8) this.sourcePort = this.destinationPort = view.getUint16(at + 4);
      return type >= 0;
    } else return false;
    this.sourcePort = view.getUint16(at);
    this.destinationPort = view.getUint16(at + 2);
    return true;
  }
}

/** The two ends of a conversation. */
export interface ConversationEnds {
  readonly protocol: number;
  readonly address: IpAddress;
  readonly port: number;
  readonly peerAddress: IpAddress;
  readonly peerPort: number;
}

export const endsOf = (datagram: Datagram): ConversationEnds => ({
  protocol: datagram.protocol,
  address: datagram.source,
  port: datagram.sourcePort,
  peerAddress: datagram.destination,
  peerPort: datagram.destinationPort,
});

/** 0 for what goes from the first end, 1 for what comes back, −1 for what is not of the conversation. */
export function directionIn(ends: ConversationEnds, datagram: Datagram): 0 | 1 | -1 {
  if (datagram.protocol !== ends.protocol) return -1;
  const { source, destination, sourcePort, destinationPort } = datagram;
  const { address, port, peerAddress, peerPort } = ends;
  if (source === address && sourcePort === port && destination === peerAddress && destinationPort === peerPort)
    return 0;
  return source === peerAddress && sourcePort === peerPort && destination === address && destinationPort === port
    ? 1
    : -1;
}

/** `"10.0.0.1:80"` */
export const endText = (address: IpAddress, port: number): string => `${formatIp(address)}:${port}`;
